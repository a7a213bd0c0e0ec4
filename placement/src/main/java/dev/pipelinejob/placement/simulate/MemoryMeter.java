package dev.pipelinejob.placement.simulate;

import java.util.Arrays;
import java.util.List;

/// The memory of each worker now and at its highest.
final class MemoryMeter {
    private final long[] usedBytes;
    private final long[] peakBytes;

    MemoryMeter(int workers) {
        usedBytes = new long[workers];
        peakBytes = new long[workers];
    }

    void take(int rank, long bytes) {
        usedBytes[rank] += bytes;
        peakBytes[rank] = Math.max(peakBytes[rank], usedBytes[rank]);
    }

    void free(int rank, long bytes) {
        usedBytes[rank] -= bytes;
    }

    List<Long> peaks() {
        return Arrays.stream(peakBytes).boxed().toList();
    }
}
