package dev.pipelinejob.worker.supervisor;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where an engine process's words go: into a file of its own and, where the supervisor's output is what people read,
/// there too, each line marked as the engine's.
final class EngineLog {
    private static final Logger LOG = LoggerFactory.getLogger(EngineLog.class);
    /// A longer line is shown in pieces.
    private static final int MAXIMUM_LINE_BYTES = 8192;

    private static final int CHUNK_BYTES = 4096;
    /// What the process started itself may hold its output open when it is gone.
    private static final Duration END_LIMIT = Duration.ofSeconds(1);

    private final Path file;
    private final @Nullable PrintStream echo;
    private @Nullable Thread copier;

    /// @param echo where each line is said again; null for nowhere, and then the file is the process's own output
    EngineLog(Path file, @Nullable PrintStream echo) {
        this.file = file;
        this.echo = echo;
    }

    /// What the process's output is to be.
    ProcessBuilder.Redirect redirect() {
        return echo == null ? ProcessBuilder.Redirect.appendTo(file.toFile()) : ProcessBuilder.Redirect.PIPE;
    }

    /// Takes what a process says from now on, until it ends.
    void follow(Process process) {
        PrintStream again = echo;
        if (again != null) {
            copier = Thread.ofPlatform()
                    .daemon()
                    .name("engine-log-" + process.pid())
                    .start(() -> copy(process.getInputStream(), "engine " + process.pid() + " | ", again));
        }
    }

    private void copy(InputStream said, String mark, PrintStream again) {
        byte[] chunk = new byte[CHUNK_BYTES];
        byte[] prefix = mark.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try (said) {
            for (int count = said.read(chunk); count >= 0; count = said.read(chunk)) {
                keep(chunk, count);
                for (int i = 0; i < count; i++) {
                    boolean ends = chunk[i] == '\n';
                    if (!ends) {
                        line.write(chunk[i]);
                    }
                    if (ends || line.size() == MAXIMUM_LINE_BYTES) {
                        say(again, prefix, line);
                    }
                }
            }
        } catch (IOException e) {
            LOG.atDebug().setCause(e).log("An engine's output broke off.");
        }
        if (line.size() > 0) {
            say(again, prefix, line);
        }
    }

    /// A full disk must not stop the engine from speaking.
    private void keep(byte[] chunk, int count) {
        try (OutputStream kept = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            kept.write(chunk, 0, count);
        } catch (IOException e) {
            LOG.atDebug().addKeyValue("file", file).setCause(e).log("An engine's words could not be kept.");
        }
    }

    private static void say(PrintStream again, byte[] prefix, ByteArrayOutputStream line) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream(prefix.length + line.size() + 1);
        whole.writeBytes(prefix);
        whole.writeBytes(line.toByteArray());
        whole.write('\n');
        line.reset();
        // In one piece, because others write there too.
        again.writeBytes(whole.toByteArray());
        again.flush();
    }

    /// Waits until all that an ended process said is written.
    void awaitEnd() throws InterruptedException {
        Thread running = copier;
        if (running != null && !running.join(END_LIMIT)) {
            LOG.atDebug().addKeyValue("file", file).log("Somebody still holds an ended engine's output.");
        }
    }

    /// The last lines.
    String tail() {
        return LogTail.of(file);
    }
}
