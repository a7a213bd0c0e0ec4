package dev.pipelinejob.operator.local;

import dev.pipelinejob.operator.drive.JournalStore;
import dev.pipelinejob.operator.lifecycle.Journal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The journal as a file. The folder's lock keeps every other driver away from it.
///
/// @param file where it lies
record JournalFile(Path file) implements JournalStore {
    @Override
    public Journal read() throws IOException {
        return Files.exists(file) ? JsonFiles.read(file, Journal.class) : Journal.EMPTY;
    }

    @Override
    public boolean save(Journal journal) throws IOException {
        JsonFiles.replace(file, journal);
        return true;
    }
}
