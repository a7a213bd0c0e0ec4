package dev.pipelinejob.e2e.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A command of this machine, from its start to its end.
public final class Program {
    private final Map<String, String> environment;
    private final Duration limit;

    /// @param environment added to this process's
    public Program(Map<String, String> environment, Duration limit) {
        this.environment = Map.copyOf(environment);
        this.limit = limit;
    }

    /// What a command said.
    ///
    /// @param exitCode 0 = done
    /// @param out all of its standard output
    /// @param err all of its standard error
    public record Answer(int exitCode, String out, String err) {
        /// Whether it ended with 0.
        public boolean isDone() {
            return exitCode == 0;
        }
    }

    /// Answers the output of a command that must succeed.
    public String run(List<String> line) throws IOException, InterruptedException {
        return run(line, "");
    }

    String run(List<String> line, String input) throws IOException, InterruptedException {
        Answer answer = ask(line, input);
        if (!answer.isDone()) {
            throw new AssertionError(String.join(" ", line) + " ended with " + answer.exitCode() + ": "
                    + answer.err().strip() + answer.out().strip());
        }
        return answer.out();
    }

    Answer ask(List<String> line, String input) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("program");
        try {
            return ask(line, input, folder);
        } finally {
            for (String file : List.of("in", "out", "err")) {
                Files.deleteIfExists(folder.resolve(file));
            }
            Files.delete(folder);
        }
    }

    /// Files, not pipes: what a command leaves running may keep a pipe open.
    private Answer ask(List<String> line, String input, Path folder) throws IOException, InterruptedException {
        Path in = Files.writeString(folder.resolve("in"), input);
        ProcessBuilder builder = new ProcessBuilder(line)
                .redirectInput(in.toFile())
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(String.join(" ", line) + " did not end within " + limit.toSeconds() + " s.");
        }
        return new Answer(
                process.exitValue(),
                Files.readString(folder.resolve("out"), StandardCharsets.UTF_8),
                Files.readString(folder.resolve("err"), StandardCharsets.UTF_8));
    }
}
