package dev.pipelinejob.operator.lifecycle;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Collects, over one round, the moments at which something would have to be decided anew, and keeps the earliest.
final class Alarm {
    private final Instant now;
    private @Nullable Instant earliest;
    private String why = "";

    Alarm(Instant now) {
        this.now = now;
    }

    Instant now() {
        return now;
    }

    /// Whether `limit` has passed since `since`; if not, the alarm is set for when it will have.
    boolean passed(Instant since, Duration limit, String what) {
        return reached(since.plus(limit), what);
    }

    /// Whether `moment` is reached; if not, the alarm is set for it.
    boolean reached(Instant moment, String what) {
        if (!now.isBefore(moment)) {
            return true;
        }
        if (earliest == null || moment.isBefore(earliest)) {
            earliest = moment;
            why = what;
        }
        return false;
    }

    /// The earliest moment; null when nothing is waited for.
    Decision.@Nullable WaitUntil decision() {
        return earliest == null ? null : new Decision.WaitUntil(earliest, why);
    }
}
