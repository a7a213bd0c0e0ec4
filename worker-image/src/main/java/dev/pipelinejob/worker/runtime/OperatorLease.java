package dev.pipelinejob.worker.runtime;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/// Whether the operator has been heard of lately. While it holds, checkpoints may be committed and deleted.
public final class OperatorLease implements BooleanSupplier {
    private final LongSupplier nanoTime;
    private volatile long endNanos;
    private volatile boolean granted;

    /// @param nanoTime monotonic clock, such as {@link System#nanoTime}
    public OperatorLease(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /// Holds for `duration` from now.
    public void renew(Duration duration) {
        endNanos = nanoTime.getAsLong() + duration.toNanos();
        granted = true;
    }

    @Override
    public boolean getAsBoolean() {
        return granted && nanoTime.getAsLong() - endNanos < 0;
    }
}
