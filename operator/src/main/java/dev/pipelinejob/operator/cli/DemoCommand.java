package dev.pipelinejob.operator.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `pipelinejob demo`: trains the same job twice through the command that users run, once undisturbed and once with a
/// worker killed in the middle, and compares the two bit by bit.
@Command(
        name = "demo",
        description = "Trains a GPT on this machine's own texts, kills a worker, and compares bit by bit.")
final class DemoCommand implements Callable<Integer> {
    private static final Duration RUN_LIMIT = Duration.ofMinutes(10);
    private static final Duration POLL = Duration.ofMillis(20);
    private static final int VICTIM_RANK = 1;

    @Option(names = "--dir", required = true, description = "A new folder for the two runs and the pictures.")
    Path directory = Path.of("demo");

    @Option(names = "--job", required = true, description = "The job; its texts are collected into --dir.")
    Path job = Path.of("examples/char-gpt.yaml");

    @Option(names = "--kill-at-step", defaultValue = "50", description = "Kill when this step is done.")
    int killAtStep;

    @Spec
    CommandSpec spec = CommandSpec.create();

    private final Path launcher;
    private final Path javaHome;
    private final Clock clock;

    /// @param launcher the `pipelinejob` script that starts the two runs
    /// @param javaHome where the JDK's own sources are looked for
    DemoCommand(Path launcher, Path javaHome, Clock clock) {
        this.launcher = launcher;
        this.javaHome = javaHome;
        this.clock = clock;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        directory = Files.createDirectories(directory).toAbsolutePath();
        DemoTexts texts = DemoTexts.collect(javaHome, directory.resolve("corpus"));
        out.printf("Texts: %,d bytes of %s%n", texts.bytes(), texts.origin());
        Path jobFile = Files.copy(job, directory.resolve("job.yaml"), StandardCopyOption.REPLACE_EXISTING);

        out.printf("%n1. Undisturbed%n");
        out.flush();
        Path undisturbed = directory.resolve("undisturbed");
        await(start(jobFile, undisturbed), undisturbed);

        out.printf("%n2. The same; when step %d is done, a worker is killed with SIGKILL%n", killAtStep);
        out.flush();
        Path killed = directory.resolve("killed");
        Process run = start(jobFile, killed);
        DemoStory.Kill kill = killOne(run, new StatusFile(killed));
        await(run, killed);

        boolean equal = new DemoStory(out, directory, undisturbed, killed).tell(kill);
        return equal ? 0 : 1;
    }

    private Process start(Path jobFile, Path folder) throws IOException {
        // The job's texts lie beside it, and `run` looks for them where the command is given.
        return new ProcessBuilder(
                        launcher.toString(), "run", jobFile.getFileName().toString(), "--dir", folder.toString())
                .directory(directory.toFile())
                .inheritIO()
                .start();
    }

    private static void await(Process run, Path folder) throws InterruptedException {
        if (!run.waitFor(RUN_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            run.destroy();
            throw new IllegalStateException("The run in " + folder + " did not end within " + RUN_LIMIT.toMinutes()
                    + " minutes; its logs are in " + folder.resolve("logs") + ".");
        }
        if (run.exitValue() != 0) {
            throw new IllegalStateException("The run in " + folder + " ended with exit code " + run.exitValue()
                    + "; its logs are in " + folder.resolve("logs") + ".");
        }
    }

    /// Waits for the step, kills, and waits until every worker trains again.
    private DemoStory.Kill killOne(Process run, StatusFile status) throws IOException, InterruptedException {
        JsonNode before = status.await(run, POLL, now -> StatusFile.step(now) >= killAtStep);
        Map<Integer, Long> pids = StatusFile.pids(before);
        Long victim = pids.get(VICTIM_RANK);
        if (victim == null) {
            throw new IllegalStateException("The run has no worker of rank " + VICTIM_RANK + " to kill: " + pids
                    + ". Choose a job with two stages or more.");
        }
        Instant killedAt = clock.instant();
        ProcessHandle.of(victim).ifPresent(ProcessHandle::destroyForcibly);
        JsonNode after = status.await(
                run, POLL, now -> StatusFile.restarts(now) > 0 && StatusFile.step(now) > StatusFile.step(before));
        return new DemoStory.Kill(VICTIM_RANK, victim, killedAt, StatusFile.step(before), pids, StatusFile.pids(after));
    }
}
