package dev.pipelinejob.e2e.inputs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipelinejob.e2e.processes.SmallJob;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Two folders of one job: one in which it has trained to its end, and one in which it gave up on the way.
///
/// @param job what both trained
/// @param home takes jobs, data and what commands print
/// @param complete has all steps and the model
/// @param unfinished has the checkpoints of steps {@link #NEWER} and {@link #OLDER}, and no more
record Trained(SmallJob job, Path home, Path complete, Path unfinished) {
    static final int OLDER = 4;
    static final int NEWER = 6;
    private static final int STEPS = 8;
    private static final int EVERY_STEPS = 2;
    /// The engine of rank 0 dies in the step after the newer checkpoint, once.
    private static final String DEATH = "FORWARD@" + (NEWER + 1) + "@0@1";

    static Trained in(Path home) throws IOException, InterruptedException {
        SmallJob job = SmallJob.in(home, STEPS, EVERY_STEPS);
        Trained trained = new Trained(job, home, home.resolve("complete"), home.resolve("unfinished"));
        Command ended = trained.run(job.yaml(), trained.complete());
        assertThat(ended.exitCode()).as(ended.out() + ended.err()).isZero();
        Path strict = trained.edited("strict", "maxRestarts: 200", "maxRestarts: 0");
        Command gaveUp = Command.start(
                        home, arguments(strict, trained.unfinished()), Map.of("PIPELINEJOB_FAULT", DEATH))
                .await();
        Sentences.assertFailure(gaveUp, List.of("small", "spec.failurePolicy.maxRestarts", "0"));
        return trained;
    }

    Command run(Path yaml, Path directory) throws IOException, InterruptedException {
        return Command.run(home, arguments(yaml, directory));
    }

    static List<String> arguments(Path yaml, Path directory) {
        return List.of("run", yaml.toString(), "--dir", directory.toString());
    }

    /// The job with one edit, in a file of its own.
    Path edited(String name, String from, String to) throws IOException {
        String sound = Files.readString(job.yaml());
        assertThat(sound).contains(from);
        return Files.writeString(home.resolve(name + ".yaml"), sound.replace(from, to));
    }

    /// A copy of the unfinished folder, for one test to spoil.
    Path copyOfUnfinished(String name) throws IOException {
        Path copy = home.resolve(name);
        Files.walkFileTree(unfinished, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path from, BasicFileAttributes attributes) throws IOException {
                Files.createDirectories(copy.resolve(unfinished.relativize(from)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path from, BasicFileAttributes attributes) throws IOException {
                Files.copy(from, copy.resolve(unfinished.relativize(from)));
                return FileVisitResult.CONTINUE;
            }
        });
        return copy;
    }

    /// Flips the last bit of one part of a checkpoint.
    static void damage(Path directory, int step) throws IOException {
        Path part;
        try (Stream<Path> files = Files.walk(directory.resolve("checkpoints/step-" + step))) {
            part = files.filter(file -> file.toString().endsWith(".safetensors"))
                    .sorted()
                    .findFirst()
                    .orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(part);
        bytes[bytes.length - 1] ^= 1;
        Files.write(part, bytes);
    }

    /// The same command goes on to the very same end.
    void assertGoesOn(Path directory) throws IOException, InterruptedException {
        Command ended = run(job.yaml(), directory);
        assertThat(ended.exitCode()).as(ended.out() + ended.err()).isZero();
        assertThat(directory.resolve("loss.csv")).hasSameBinaryContentAs(complete.resolve("loss.csv"));
        assertThat(directory.resolve("model.safetensors"))
                .hasSameBinaryContentAs(complete.resolve("model.safetensors"));
    }
}
