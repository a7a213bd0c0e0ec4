package dev.pipelinejob.operator.lifecycle;

import java.time.Instant;
import java.util.List;

/// The life of a job: what is seen and the time in, what to do out. The policies it asks, in their order, are the
/// other files of this package.
public final class Lifecycle {
    private Lifecycle() {}

    /// Decides. Call it whenever anything has changed, and at the instant of the last
    /// {@link Decision.WaitUntil}; with nothing changed and the same time it decides the same.
    public static Round decide(Observation seen, Instant now) {
        return new Round(
                List.of(new Decision.WaitUntil(now.plusSeconds(1), "nothing is decided yet")),
                seen.journal(),
                JobState.PLANNING,
                "Nothing is decided yet.");
    }
}
