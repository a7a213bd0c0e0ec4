package dev.pipelinejob.operator.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// Files that a reader sees whole: the old content or the new, never half of it.
final class AtomicFiles {
    private AtomicFiles() {}

    static void replace(Path file, String content) throws IOException {
        Path unfinished = file.resolveSibling("." + file.getFileName() + ".unfinished");
        Files.writeString(unfinished, content, StandardCharsets.UTF_8);
        move(unfinished, file);
    }

    static void move(Path unfinished, Path file) throws IOException {
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /// Writes the file only if nobody did; false when it is there already, whoever wrote it. A link makes the whole
    /// content appear at once, also when this process dies half-way.
    static boolean createIfAbsent(Path file, String content) throws IOException {
        Path unfinished = Files.createTempFile(file.toAbsolutePath().getParent(), "." + file.getFileName(), ".new");
        try {
            Files.writeString(unfinished, content, StandardCharsets.UTF_8);
            Files.createLink(file, unfinished);
            return true;
        } catch (FileAlreadyExistsException _) {
            return false;
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }
}
