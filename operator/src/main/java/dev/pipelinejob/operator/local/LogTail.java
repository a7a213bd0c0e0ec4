package dev.pipelinejob.operator.local;

import dev.pipelinejob.operator.lifecycle.Restart;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// The last lines of a process's log.
final class LogTail {
    private LogTail() {}

    /// At most as much as the history keeps, beginning with a whole line; empty when the log cannot be read, because
    /// the end of a process is no less an end without it.
    static String of(Path log) {
        if (!Files.isReadable(log)) {
            return "";
        }
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            long from = Math.max(0, file.length() - Restart.MAX_LOG_CHARACTERS);
            byte[] end = new byte[Math.toIntExact(file.length() - from)];
            file.seek(from);
            file.readFully(end);
            String text = new String(end, StandardCharsets.UTF_8);
            return from == 0 ? text : text.substring(text.indexOf('\n') + 1);
        } catch (IOException _) {
            return "";
        }
    }
}
