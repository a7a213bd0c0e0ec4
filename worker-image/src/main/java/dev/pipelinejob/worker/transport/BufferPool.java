package dev.pipelinejob.worker.transport;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.TreeMap;

/// Direct buffers that are used again: allocating one costs a system call and zeroing. How many are out is bounded by
/// the mailboxes, how many rest here by {@link #MAXIMUM_RESTING_BYTES}.
public final class BufferPool {
    static final long MAXIMUM_RESTING_BYTES = 512L << 20;
    private static final int GRANULE_BYTES = 4096;

    private final TreeMap<Integer, ArrayDeque<ByteBuffer>> resting = new TreeMap<>();
    private long restingBytes;

    /// Borrows a buffer for `bytes`.
    public TensorLease lease(int bytes) {
        return new TensorLease(this, take(bytes), bytes);
    }

    private synchronized ByteBuffer take(int bytes) {
        int capacity = Math.max(GRANULE_BYTES, Integer.highestOneBit(Math.max(1, bytes - 1)) << 1);
        if (capacity < bytes) {
            return ByteBuffer.allocateDirect(bytes);
        }
        Map.Entry<Integer, ArrayDeque<ByteBuffer>> fitting = resting.ceilingEntry(bytes);
        if (fitting == null || fitting.getKey() > capacity) {
            return ByteBuffer.allocateDirect(capacity);
        }
        ByteBuffer buffer = fitting.getValue().removeLast();
        if (fitting.getValue().isEmpty()) {
            resting.remove(fitting.getKey());
        }
        restingBytes -= buffer.capacity();
        return buffer;
    }

    synchronized void giveBack(ByteBuffer buffer) {
        if (restingBytes + buffer.capacity() <= MAXIMUM_RESTING_BYTES) {
            restingBytes += buffer.capacity();
            resting.computeIfAbsent(buffer.capacity(), _ -> new ArrayDeque<>()).addLast(buffer);
        }
    }

    static ByteBuffer view(ByteBuffer whole, int bytes) {
        return whole.slice(0, bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
