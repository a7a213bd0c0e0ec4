package dev.pipelinejob.e2e.cluster;

import dev.pipelinejob.e2e.processes.Checkout;
import dev.pipelinejob.e2e.processes.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// What `./pipelinejob run` leaves of the same file, on this machine and without a cluster.
final class Undisturbed {
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private Undisturbed() {}

    /// @param folder takes the run's files and the text that it learns from
    static Result run(TrainingJob job, Path folder) throws IOException, InterruptedException {
        TrainingJob.writeCorpus(folder);
        Path yaml = Files.writeString(folder.resolve(job.name() + ".yaml"), job.yaml());
        Path directory = folder.resolve(job.name());
        String _ = new Program(Map.of(), LIMIT)
                .run(List.of(
                        "env",
                        "--chdir=" + folder,
                        Checkout.launcher().toString(),
                        "run",
                        yaml.toString(),
                        "--dir",
                        directory.toString()));
        return Result.of(directory);
    }
}
