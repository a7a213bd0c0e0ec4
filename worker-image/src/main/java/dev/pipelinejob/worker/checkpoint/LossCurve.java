package dev.pipelinejob.worker.checkpoint;

import java.nio.file.Path;
import java.util.SortedMap;

/// The losses of the whole job, merged from every attempt's segment: from an attempt's first step on, it
/// wins over all
/// older attempts, and so every step stands there exactly once.
public final class LossCurve {
    private LossCurve() {}

    /// Loss by step. Torn and foreign lines are passed over.
    public static SortedMap<Integer, Double> merge(Path directory) {
        return Pending.answer();
    }

    /// Writes {@link #merge} to a file, atomically.
    public static WriteOutcome write(Path directory, Path file) {
        return Pending.answer();
    }
}
