package dev.pipelinejob.e2e.inputs;

import dev.pipelinejob.e2e.processes.Checkout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// One `./pipelinejob …` from its start to its end.
///
/// @param exitCode what it ended with
/// @param out all of its standard output
/// @param err all of its standard error
record Command(int exitCode, String out, String err) {
    private static final Duration LIMIT = Duration.ofMinutes(5);

    /// @param folder takes what the command prints
    static Command run(Path folder, List<String> arguments) throws IOException, InterruptedException {
        return start(folder, arguments, Map.of()).await();
    }

    /// @param environment on top of this process's own
    static Started start(Path folder, List<String> arguments, Map<String, String> environment) throws IOException {
        List<String> line = new ArrayList<>(List.of(Checkout.launcher().toString()));
        line.addAll(arguments);
        Path out = Files.createTempFile(folder, "command", ".out");
        Path err = Files.createTempFile(folder, "command", ".err");
        ProcessBuilder builder = new ProcessBuilder(line)
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().putAll(environment);
        return new Started(builder.start(), out, err);
    }

    /// A command on its way.
    record Started(Process process, Path out, Path err) {
        Command await() throws IOException, InterruptedException {
            if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                throw new AssertionError(process.info().commandLine() + " did not end within " + LIMIT.toSeconds()
                        + " s. It printed: " + Files.readString(out) + Files.readString(err));
            }
            return new Command(
                    process.exitValue(),
                    Files.readString(out, StandardCharsets.UTF_8),
                    Files.readString(err, StandardCharsets.UTF_8));
        }
    }
}
