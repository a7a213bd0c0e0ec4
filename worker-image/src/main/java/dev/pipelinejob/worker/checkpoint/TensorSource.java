package dev.pipelinejob.worker.checkpoint;

import dev.pipelinejob.worker.engine.StateTensor;
import java.io.IOException;
import java.nio.ByteBuffer;

/// Where a part's tensors come from, usually {@code engine.readState(stage, …)}.
@FunctionalInterface
public interface TensorSource {
    /// Fills exactly `into.remaining()` bytes with the tensor's little-endian data; where it leaves the
    /// position does
    /// not matter.
    void read(StateTensor tensor, ByteBuffer into) throws IOException;
}
