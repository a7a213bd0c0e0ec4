package dev.pipelinejob.worker.checkpoint;

import java.nio.file.Path;

/// One attempt's own losses, `loss/attempt-A.csv` in the store, one row a step.
public final class LossSegment implements AutoCloseable {
    private LossSegment() {}

    /// Starts the attempt's segment afresh. Nothing is written before the first {@link #append}.
    public static LossSegment of(Path directory, int attempt) {
        return Pending.answer();
    }

    /// Adds one row, every bit of the loss.
    public WriteOutcome append(int step, double loss) {
        return Pending.answer();
    }

    /// Makes all rows durable. Call it before the part of the same step is reported, so that a committed
    /// step never
    /// misses a loss.
    public WriteOutcome sync() {
        return Pending.answer();
    }

    @Override
    public void close() {}
}
