package dev.pipelinejob.operator.lifecycle;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The job's own time: how long it may be active, and how long it is kept once it has ended.
final class DeadlinePolicy {
    private DeadlinePolicy() {}

    /// Why the job is out of time; null when it is not, or has no limit. Time while suspended does not count.
    static Finding.@Nullable Fatal exceeded(Observation seen, Journal journal, Alarm alarm) {
        Duration active = seen.job().limits().active();
        Instant startedAt = journal.startedAt();
        if (active == null || startedAt == null || !alarm.passed(startedAt, active, "the job's deadline")) {
            return null;
        }
        return new Finding.Fatal(
                "DeadlineExceeded",
                "Job %s did not complete within %d s, which is its spec.activeDeadlineSeconds."
                        .formatted(seen.job().name(), active.toSeconds()),
                false);
    }

    /// Whether an ended job has been kept for long enough.
    static boolean isToBeDeleted(Observation seen, Journal.Ending ended, Alarm alarm) {
        Duration keep = seen.job().limits().keepFinished();
        return keep != null && alarm.passed(ended.at(), keep, "the deletion of the finished job");
    }
}
