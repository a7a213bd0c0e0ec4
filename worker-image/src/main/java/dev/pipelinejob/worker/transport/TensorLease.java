package dev.pipelinejob.worker.transport;

import java.nio.ByteBuffer;

/// A received payload in a borrowed direct buffer; closing it gives the buffer back.
public final class TensorLease implements AutoCloseable {
    private final BufferPool pool;
    private final ByteBuffer whole;
    private final ByteBuffer view;
    private boolean open = true;

    TensorLease(BufferPool pool, ByteBuffer whole, int bytes) {
        this.pool = pool;
        this.whole = whole;
        this.view = BufferPool.view(whole, bytes);
    }

    /// The payload: direct, little-endian, from position 0 to its limit.
    ///
    /// @throws IllegalStateException when the lease was given back
    public ByteBuffer buffer() {
        if (!open) {
            throw new IllegalStateException("This payload was given back: its buffer may hold another one by now.");
        }
        return view;
    }

    @Override
    public void close() {
        if (open) {
            open = false;
            pool.giveBack(whole);
        }
    }
}
