package dev.pipelinejob.worker.checkpoint;

import dev.pipelinejob.worker.checkpoint.StoreFailure.StoreError;
import dev.pipelinejob.worker.checkpoint.StoreFailure.StoreFull;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// Broken input and output, told as one sentence.
final class StoreFailures {
    /// With less than this left, a failed write is a full disk whatever the system calls it in its language.
    private static final long FULL_BELOW_BYTES = 64 * 1024;

    private StoreFailures() {}

    /// @param what what could not be written, as the subject of a sentence: `The part … of step 5`
    static StoreFailure of(Path directory, String what, IOException cause) {
        String reason = reason(cause);
        if (isFull(directory, reason)) {
            return new StoreFull(what + " does not fit into the store " + directory
                    + ": free some space or lower checkpoint.keepLast. The committed steps are kept.");
        }
        return new StoreError(what + " could not be written into the store " + directory + ": " + reason
                + ". Make the folder writable for this process; the committed steps are kept.");
    }

    private static boolean isFull(Path directory, String reason) {
        long usableBytes = directory.toFile().getUsableSpace();
        return reason.contains("No space left")
                || reason.contains("quota")
                || (usableBytes > 0 && usableBytes < FULL_BELOW_BYTES);
    }

    static String reason(IOException cause) {
        return switch (cause) {
            case AccessDeniedException denied -> "permission denied for " + denied.getFile();
            case NoSuchFileException absent -> absent.getFile() + " is not there";
            case FileSystemException system ->
                system.getFile() + ": "
                        + (system.getReason() == null ? system.getClass().getSimpleName() : system.getReason());
            default -> cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        };
    }
}
