package dev.pipelinejob.worker.checkpoint;

import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;

/// Everything that the store does to a file system when it writes, so that a test can stop it at any point.
interface StoreFiles {
    /// Creates a folder and its missing parents, durably.
    void createFolder(Path folder) throws IOException;

    /// Creates or empties a file.
    Sink create(Path file) throws IOException;

    /// Makes the names in a folder durable.
    void syncFolder(Path folder) throws IOException;

    /// Gives a file a second name, only if nothing has that name.
    ///
    /// @throws java.nio.file.FileAlreadyExistsException when something has
    void link(Path link, Path existing) throws IOException;

    /// Renames a file, over whatever has the new name.
    void move(Path from, Path to) throws IOException;

    /// Removes a file or an empty folder; harmless when it is not there.
    void delete(Path path) throws IOException;

    /// A file that is being written.
    interface Sink extends WritableByteChannel {
        /// Makes the content durable.
        void sync() throws IOException;
    }
}
