package dev.pipelinejob.operator.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// When each job was looked at last, and when it should be again: so that a loop that has stopped is noticed.
final class Pulse {
    /// A look that takes longer than this will never end.
    static final Duration LONGEST_LOOK = Duration.ofMinutes(5);
    /// A job that is not looked at for so long after its time is forgotten.
    static final Duration LATEST = Duration.ofMinutes(1);

    private final Map<String, Instant> endsBy = new ConcurrentHashMap<>();

    /// A look at a job begins.
    void begins(String jobUid, Instant now) {
        endsBy.put(jobUid, now.plus(LONGEST_LOOK));
    }

    /// It has ended, and the next one is due.
    void ends(String jobUid, Instant next) {
        endsBy.put(jobUid, next.plus(LATEST));
    }

    /// The job is gone.
    void forget(String jobUid) {
        endsBy.remove(jobUid);
    }

    /// Whether every job is looked at as it should be.
    boolean isRegular(Instant now) {
        return endsBy.values().stream().noneMatch(now::isAfter);
    }
}
