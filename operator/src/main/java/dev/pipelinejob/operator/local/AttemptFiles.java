package dev.pipelinejob.operator.local;

import dev.pipelinejob.operator.drive.SlotDriver;
import dev.pipelinejob.operator.planning.AttemptRecord;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/// Attempts as files: `attempt-<n>.json` is created once, exclusively, and never changes.
final class AttemptFiles {
    private static final Pattern NAME = Pattern.compile("attempt-\\d{1,9}\\.json");

    private final Path folder;

    AttemptFiles(Path folder) {
        this.folder = folder;
    }

    SlotDriver.Claim claim(AttemptRecord wanted) throws IOException {
        Files.createDirectories(folder);
        Path file = folder.resolve("attempt-" + wanted.attempt() + ".json");
        if (AtomicFiles.createIfAbsent(file, JsonFiles.text(wanted))) {
            return new SlotDriver.Claim.Created(wanted);
        }
        return new SlotDriver.Claim.Taken(JsonFiles.read(file, AttemptRecord.class));
    }

    List<AttemptRecord> all() throws IOException {
        List<AttemptRecord> attempts = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "attempt-*.json")) {
                for (Path file : files) {
                    if (NAME.matcher(file.getFileName().toString()).matches()) {
                        attempts.add(JsonFiles.read(file, AttemptRecord.class));
                    }
                }
            }
        }
        attempts.sort(Comparator.comparingInt(AttemptRecord::attempt));
        return attempts;
    }
}
