package dev.pipelinejob.operator.drive;

import dev.pipelinejob.operator.lifecycle.ClaimedAttempt;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/// The share of the time since the oldest known attempt was claimed that went into steps that count: each step once,
/// at the mean time of those that were measured, and none that was lost and not done again yet. What was
/// lost, repeated, waited for or stopped is the rest.
final class Goodput {
    private static final double NANOS_A_MICRO = 1e3;
    private static final double PERCENT = 100;

    private Goodput() {}

    /// In per cent, as text; null while nothing has been measured.
    ///
    /// @param attempts oldest first
    /// @param until the end of the job, or now
    static @Nullable String percent(List<ClaimedAttempt> attempts, Training training, Instant until) {
        OptionalDouble mean = training.meanStepMicros();
        if (mean.isEmpty() || attempts.isEmpty()) {
            return null;
        }
        ClaimedAttempt oldest = attempts.getFirst();
        ClaimedAttempt newest = attempts.getLast();
        int standing = training.attempt() == newest.number() ? training.step() : newest.resumeStep();
        long steps = Math.max(0, (long) standing - oldest.resumeStep());
        Duration time = Duration.between(oldest.claimedAt(), until);
        if (!time.isPositive()) {
            return null;
        }
        double share = steps * mean.getAsDouble() * NANOS_A_MICRO / time.toNanos();
        return String.format(Locale.ROOT, "%.1f", PERCENT * Math.min(1, share));
    }
}
