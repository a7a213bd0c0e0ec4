package dev.pipelinejob.worker.checkpoint;

import dev.pipelinejob.worker.engine.StateTensor;
import java.io.IOException;
import java.nio.ByteBuffer;

/// A checkpoint whose needed parts are verified and open for reading.
public final class OpenedCheckpoint implements OpenOutcome, AutoCloseable {
    private final Manifest manifest;

    OpenedCheckpoint(Manifest manifest) {
        this.manifest = manifest;
    }

    public Manifest manifest() {
        return manifest;
    }

    /// Fills exactly `into.remaining()` bytes and leaves position and limit as they were, ready to be read.
    ///
    /// @throws IllegalArgumentException when the tensor was not among the needed ones of {@link
    /// CheckpointStore#open}
    /// @throws IOException when the file breaks after it was verified; treat it as corrupt
    public void read(StateTensor tensor, ByteBuffer into) throws IOException {
        Pending.answer();
    }

    @Override
    public void close() {}
}
