package dev.pipelinejob.placement.partition;

import java.util.function.BooleanSupplier;
import java.util.function.DoubleConsumer;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/// When a search must stop.
///
/// @param nanoClock a monotonic clock such as `System::nanoTime`
/// @param deadlineNanos its reading at which to stop
/// @param cancelled becomes true when nobody waits for the answer any more
/// @param mostBytes memory that tables of the search may take
/// @param found told the value of each split that is better than those before
/// @param spent told of work as it is done
public record SearchControl(
        LongSupplier nanoClock,
        long deadlineNanos,
        BooleanSupplier cancelled,
        long mostBytes,
        DoubleConsumer found,
        LongConsumer spent) {
    /// Leaves room for growing tables to be copied within the 2 GiB heap that the planner is meant for.
    public static final long DEFAULT_BYTES = 400L << 20;

    /// One that tells nobody.
    public SearchControl(LongSupplier nanoClock, long deadlineNanos, BooleanSupplier cancelled, long mostBytes) {
        this(nanoClock, deadlineNanos, cancelled, mostBytes, _ -> {}, _ -> {});
    }

    /// Stops a number of seconds from now.
    public static SearchControl seconds(double seconds, LongSupplier nanoClock) {
        long nanos = (long) Math.min(seconds * 1e9, Long.MAX_VALUE / 4.0);
        return new SearchControl(nanoClock, nanoClock.getAsLong() + nanos, () -> false, DEFAULT_BYTES);
    }

    /// The same with only a share of the time that is left.
    public SearchControl withShareOfTime(double share) {
        return until(nanoClock.getAsLong() + (long) (timeLeft() * share), found);
    }

    /// The same, but ending after so many seconds at the latest.
    public SearchControl atMostSeconds(double seconds) {
        long nanos = nanoClock.getAsLong() + (long) (seconds * 1e9);
        return until(nanos - deadlineNanos < 0 ? nanos : deadlineNanos, found);
    }

    /// The same, but telling somebody else of splits, or nobody when a search asks another question.
    public SearchControl telling(DoubleConsumer listener) {
        return until(deadlineNanos, listener);
    }

    /// The same, but ending after so much work, too, and with shares that go by work instead of time: so where it ends
    /// does not depend on how fast a machine is, unless time ends it.
    ///
    /// @param steps about as many as nanoseconds on a present-day core
    public SearchControl limitedTo(long steps) {
        long[] done = {0};
        return new SearchControl(() -> done[0], steps, this::stopped, mostBytes, found, more -> {
            done[0] += more;
            spent.accept(more);
        });
    }

    /// Says that work was done, in the steps that [#limitedTo] counts.
    public void spend(long steps) {
        spent.accept(steps);
    }

    private SearchControl until(long nanos, DoubleConsumer listener) {
        return new SearchControl(nanoClock, nanos, cancelled, mostBytes, listener, spent);
    }

    /// What is left until the end, in nanoseconds or steps.
    public long timeLeft() {
        return Math.max(0, deadlineNanos - nanoClock.getAsLong());
    }

    public boolean stopped() {
        return cancelled.getAsBoolean() || nanoClock.getAsLong() - deadlineNanos >= 0;
    }
}
