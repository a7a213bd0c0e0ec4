package dev.pipelinejob.worker.supervisor;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// The last lines of a log file.
final class LogTail {
    static final int MAXIMUM_BYTES = 2048;

    private LogTail() {}

    /// At most {@link #MAXIMUM_BYTES}, beginning with a whole line; a sentence when the file cannot be read.
    static String of(Path file) {
        try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "r")) {
            long start = Math.max(0, log.length() - MAXIMUM_BYTES);
            log.seek(start);
            byte[] bytes = new byte[Math.toIntExact(log.length() - start)];
            log.readFully(bytes);
            String text = new String(bytes, StandardCharsets.UTF_8);
            int firstLine = text.indexOf('\n');
            return start == 0 || firstLine < 0 ? text : text.substring(firstLine + 1);
        } catch (IOException e) {
            return "The log " + file + " cannot be read: " + e.getMessage();
        }
    }
}
