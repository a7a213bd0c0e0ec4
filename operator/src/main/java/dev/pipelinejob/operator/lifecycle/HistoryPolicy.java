package dev.pipelinejob.operator.lifecycle;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Keeps the restart history: a failure becomes an entry when the attempt that answers it is claimed, and the entry
/// learns when that attempt completed its first step and when it was again where the job had been.
final class HistoryPolicy {
    private HistoryPolicy() {}

    static Journal update(Observation seen, Journal journal) {
        ClaimedAttempt newest = seen.newestAttempt();
        if (newest == null) {
            return journal;
        }
        return measured(seen, newest, answered(newest, journal));
    }

    private static Journal answered(ClaimedAttempt newest, Journal journal) {
        Fault open = journal.open();
        if (open == null || newest.number() <= open.attempt()) {
            return journal;
        }
        List<Restart> history = new ArrayList<>(journal.history());
        history.add(restart(open, newest.number(), newest.resumeStep()));
        return journal.withHistory(journal.restarts() + 1, history).withOpen(null);
    }

    /// The journal with the open failure closed that no attempt answers any more: nothing was resumed for it, so no
    /// step was lost by it either.
    static Journal unanswered(Journal journal) {
        Fault open = journal.open();
        if (open == null) {
            return journal;
        }
        List<Restart> history = new ArrayList<>(journal.history());
        history.add(restart(open, open.attempt() + 1, open.reachedStep()));
        return journal.withHistory(journal.restarts(), history).withOpen(null);
    }

    private static Restart restart(Fault fault, int attempt, int resumedStep) {
        return new Restart(
                attempt,
                fault.cause(),
                fault.slots().isEmpty() ? Finding.NOBODY : fault.slots().getFirst(),
                fault.node(),
                fault.detectedAt(),
                resumedStep,
                fault.reachedStep(),
                null,
                null,
                fault.detail(),
                fault.lastLog(),
                fault.exit());
    }

    private static Journal measured(Observation seen, ClaimedAttempt newest, Journal journal) {
        if (journal.history().isEmpty()) {
            return journal;
        }
        Restart last = journal.history().getLast();
        if (last.attempt() != newest.number()) {
            return journal;
        }
        Instant first =
                last.firstStepAt() != null ? last.firstStepAt() : firstAt(seen, newest, newest.resumeStep() + 1);
        Instant regained = last.regainedAt() != null
                ? last.regainedAt()
                : firstAt(seen, newest, Math.max(last.reachedStep(), newest.resumeStep() + 1));
        Restart updated = last.with(first, regained);
        if (updated.equals(last)) {
            return journal;
        }
        List<Restart> history = new ArrayList<>(journal.history());
        history.set(history.size() - 1, updated);
        return journal.withHistory(journal.restarts(), history);
    }

    /// When the attempt was seen at `step` or beyond; null while it is not.
    private static @Nullable Instant firstAt(Observation seen, ClaimedAttempt attempt, int step) {
        Instant earliest = null;
        for (Seat seat : attempt.seats()) {
            AttemptReport report = seen.slot(seat.slot()).report();
            if (report != null
                    && report.attempt() == attempt.number()
                    && report.step() >= step
                    && (earliest == null || report.stepAt().isBefore(earliest))) {
                earliest = report.stepAt();
            }
        }
        return earliest;
    }
}
