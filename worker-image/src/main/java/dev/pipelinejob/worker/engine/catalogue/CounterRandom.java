package dev.pipelinejob.worker.engine.catalogue;

import java.nio.FloatBuffer;

/// Random numbers without a state: element `i` of a stream is a hash of the stream's seed and `i`. Plain integer and
/// IEEE double arithmetic, so that every machine and every engine draws the same bits.
///
/// The hash is SplitMix64 (Steele, Lea and Flood 2014), whose stream of a seed is random access by construction.
public final class CounterRandom {
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;
    private static final int CHUNK = 4096;
    private static final int LANES = 4;
    private static final int LANE_VALUES = 1 << 16;

    private final long seed;

    private CounterRandom(long seed) {
        this.seed = seed;
    }

    /// The stream of a parameter's first values.
    public static CounterRandom ofParameter(long jobSeed, String name) {
        long hash = mix(jobSeed);
        for (int i = 0; i < name.length(); i++) {
            hash = mix(hash ^ name.charAt(i));
        }
        return new CounterRandom(hash);
    }

    /// The stream of one dropout site in one micro-batch.
    ///
    /// @param counter `step · microBatches + microBatch`
    public static CounterRandom ofDropout(long jobSeed, long counter, int layer, int site) {
        return new CounterRandom(mix(mix(mix(mix(jobSeed) ^ counter) ^ layer) ^ site));
    }

    /// Fills `into` with draws from a normal distribution of mean 0.
    public void fillNormal(FloatBuffer into, double standardDeviation) {
        float[] chunk = new float[CHUNK];
        long counter = 0;
        while (into.hasRemaining()) {
            int length = Math.min(CHUNK, into.remaining());
            for (int i = 0; i < length; i++) {
                // 53 bits, in the middle of their interval: never 0 and never 1.
                double uniform = ((hash(counter++) >>> 11) + 0.5) * 0x1p-53;
                chunk[i] = (float) (standardDeviation * NormalQuantile.of(uniform));
            }
            into.put(chunk, 0, length);
        }
    }

    /// Fills `into` with a dropout mask: 0 with the given probability (to 1/65536), else what keeps the mean.
    public void fillMask(FloatBuffer into, double dropout) {
        int threshold = (int) Math.min(LANE_VALUES - 1, Math.round(dropout * LANE_VALUES));
        float keep = (float) LANE_VALUES / (LANE_VALUES - threshold);
        float[] chunk = new float[CHUNK];
        long counter = 0;
        while (into.hasRemaining()) {
            int length = Math.min(CHUNK, into.remaining());
            for (int i = 0; i < CHUNK; i += LANES) {
                long hash = hash(counter++);
                chunk[i] = (hash & 0xFFFF) >= threshold ? keep : 0;
                chunk[i + 1] = (hash >>> 16 & 0xFFFF) >= threshold ? keep : 0;
                chunk[i + 2] = (hash >>> 32 & 0xFFFF) >= threshold ? keep : 0;
                chunk[i + 3] = hash >>> 48 >= threshold ? keep : 0;
            }
            into.put(chunk, 0, length);
        }
    }

    private long hash(long counter) {
        return mix(seed + (counter + 1) * GOLDEN_GAMMA);
    }

    private static long mix(long value) {
        long first = (value ^ value >>> 30) * 0xBF58476D1CE4E5B9L;
        long second = (first ^ first >>> 27) * 0x94D049BB133111EBL;
        return second ^ second >>> 31;
    }
}
