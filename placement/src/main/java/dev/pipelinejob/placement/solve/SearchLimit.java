package dev.pipelinejob.placement.solve;

import java.util.function.LongSupplier;

/// When a search must stop: at a time of an injected clock, or after an amount of work, whichever comes first.
///
/// @param nanoClock a monotonic clock such as `System::nanoTime`
/// @param deadlineNanos its reading at which to stop
/// @param maxWork units of work after which to stop; makes a run repeatable
public record SearchLimit(LongSupplier nanoClock, long deadlineNanos, long maxWork) {
    /// Stops a number of seconds from now.
    public static SearchLimit seconds(double seconds, LongSupplier nanoClock) {
        return new SearchLimit(nanoClock, nanoClock.getAsLong() + (long) (seconds * 1e9), Long.MAX_VALUE);
    }

    /// Stops after an amount of work, whatever the time.
    public static SearchLimit work(long maxWork) {
        return new SearchLimit(() -> 0, 1, maxWork);
    }

    boolean isReached(long work) {
        return work >= maxWork || nanoClock.getAsLong() - deadlineNanos >= 0;
    }
}
