package dev.pipelinejob.operator.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// A driver process over supervisors that compute nothing, and what a person sees of both.
final class RunFixture {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final Duration LOOK = Duration.ofMillis(20);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> FLAGS = List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx64m",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");
    private static final String JOB = """
            apiVersion: pipelinejob.dev/v1alpha1
            kind: PipelineJob
            metadata: {name: sample}
            spec:
              model:
                catalogue:
                  gpt: {layers: 2, width: 32, heads: 4, contextLength: 16}
              data:
                text: {path: corpus}
              training:
                steps: %d
                batchSize: 8
                microBatches: 4
                optimizer:
                  adamW: {learningRate: "1e-3"}
              pipeline:
                schedule: GPipe
                stages:
                  manual: [{layers: 1}, {layers: 1}, {layers: 2}]
              checkpoint: {everySteps: 20}
            """;

    private final Path home;
    private final Path folder;

    RunFixture(Path home, int steps) throws IOException {
        this.home = home;
        this.folder = home.resolve("run");
        Files.writeString(home.resolve("corpus"), "to be or not to be ".repeat(1000));
        Files.writeString(home.resolve("job.yaml"), JOB.formatted(steps));
    }

    Path folder() {
        return folder;
    }

    Process start() throws IOException {
        String classPath = System.getProperty("java.class.path");
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(FLAGS);
        line.addAll(List.of(
                "-Dpipelinejob.worker.classpath=" + classPath,
                "-Dpipelinejob.worker.main=" + FakeSupervisor.class.getName(),
                "-Dpipelinejob.worker.flags=" + String.join(" ", FLAGS),
                "-cp",
                classPath,
                "dev.pipelinejob.operator.cli.Main",
                "run",
                "job.yaml",
                "--dir",
                folder.toString()));
        return new ProcessBuilder(line)
                .directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output().toFile()))
                .start();
    }

    /// Training waits after this step.
    void hold(int step) throws IOException {
        Files.createDirectories(folder.resolve("checkpoints"));
        AtomicFiles.replace(folder.resolve("checkpoints").resolve("hold"), Integer.toString(step));
    }

    /// Training goes on to its end.
    void release() throws IOException {
        Files.delete(folder.resolve("checkpoints").resolve("hold"));
    }

    /// Waits until a file of the store says so.
    void awaitRecorded(int step) throws IOException, InterruptedException {
        Path segment = folder.resolve("checkpoints").resolve("loss").resolve("attempt-1.csv");
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!Files.readString(segment).contains("\n" + step + ",")) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("Step " + step + " was never recorded in " + segment + ".");
            }
            Thread.sleep(LOOK);
        }
    }

    private Path output() {
        return home.resolve("output.txt");
    }

    String printed() throws IOException {
        return Files.readString(output());
    }

    int awaitExit(Process driver) throws InterruptedException, IOException {
        if (!driver.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("The driver still runs after " + LIMIT + ":\n" + printed());
        }
        return driver.exitValue();
    }

    JsonNode status() throws IOException {
        return JSON.readTree(folder.resolve("status.json").toFile());
    }

    /// Waits until the status says so.
    JsonNode await(String what, Predicate<JsonNode> condition) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (System.nanoTime() < deadline) {
            if (Files.exists(folder.resolve("status.json"))) {
                JsonNode status = status();
                if (condition.test(status)) {
                    return status;
                }
            }
            Thread.sleep(LOOK);
        }
        throw new AssertionError("Never seen: " + what + "; printed:\n" + printed() + "\nstatus:\n" + status());
    }

    JsonNode awaitStep(int step) throws IOException, InterruptedException {
        return await(
                "step " + step, status -> status.path("progress").path("step").asInt() >= step);
    }

    List<Long> supervisors(JsonNode status) {
        return pids(status, "supervisorPid");
    }

    private static List<Long> pids(JsonNode status, String field) {
        List<Long> pids = new ArrayList<>();
        status.path("workers").forEach(worker -> pids.add(worker.path(field).asLong()));
        return pids;
    }

    static boolean alive(long pid) {
        return ProcessHandle.of(pid)
                .map(handle -> SlotProcess.find(new ProcessRecord(
                        0,
                        1,
                        pid,
                        handle.info().startInstant().orElseThrow(),
                        handle.info().startInstant().orElseThrow())))
                .isPresent();
    }

    static void kill(long pid) {
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
    }

    List<String> attempts() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("attempts"))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    List<String> expectedLosses(int steps) {
        List<String> lines = new ArrayList<>(List.of("step,loss"));
        for (int step = 1; step <= steps; step++) {
            lines.add(step + "," + FakeTraining.loss(step));
        }
        return lines;
    }

    List<String> losses() throws IOException {
        return Files.readAllLines(folder.resolve("loss.csv"));
    }
}
