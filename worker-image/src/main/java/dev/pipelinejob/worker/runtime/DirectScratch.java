package dev.pipelinejob.worker.runtime;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// One direct buffer for what is read from the engine and handed on at once.
final class DirectScratch {
    private ByteBuffer memory = ByteBuffer.allocateDirect(4096);

    /// A view of `bytes` bytes; the next call may give the same memory again.
    ByteBuffer of(long bytes) {
        int size = Math.toIntExact(bytes);
        if (memory.capacity() < size) {
            memory = ByteBuffer.allocateDirect(size);
        }
        return memory.slice(0, size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
