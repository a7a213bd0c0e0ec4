package dev.pipelinejob.worker.data;

/// A pseudorandom order of `size` things that is computed, not stored: a Feistel network over the next power of four,
/// walked until it lands inside. Equal keys give equal orders.
record Permutation(long key, long size) {
    private static final int ROUNDS = 6;
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    Permutation {
        if (size < 1) {
            throw new IllegalArgumentException("An order of " + size + " things.");
        }
    }

    /// The order of one epoch of a job.
    static Permutation ofEpoch(long seed, long epoch, long size) {
        return new Permutation(mix(mix(seed + GOLDEN_GAMMA) + epoch), size);
    }

    /// What stands at `index`; a bijection on `[0, size)`.
    long at(long index) {
        int halfBits = (Long.SIZE - Long.numberOfLeadingZeros(size - 1) + 1) / 2;
        long mask = (1L << halfBits) - 1;
        long value = index;
        do {
            long left = value >>> halfBits;
            long right = value & mask;
            for (int round = 0; round < ROUNDS; round++) {
                long next = left ^ (mix(key + round * GOLDEN_GAMMA + mix(right)) & mask);
                left = right;
                right = next;
            }
            value = (left << halfBits) | right;
        } while (value >= size);
        return value;
    }

    /// The finaliser of SplitMix64.
    private static long mix(long value) {
        long mixed = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }
}
