package dev.pipelinejob.operator.lifecycle;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A checkpoint of all workers at once, asked for because some of them leave or the whole job is held. Workers agree
/// among themselves on the step; here it is only asked for and waited for, but not longer than the grace.
final class PausePolicy {
    private final Observation seen;
    private final ClaimedAttempt attempt;
    private final Alarm alarm;

    PausePolicy(Observation seen, ClaimedAttempt attempt, Alarm alarm) {
        this.seen = seen;
        this.attempt = attempt;
        this.alarm = alarm;
    }

    /// Whether a pause can save anything: somebody trains.
    boolean isWorthwhile() {
        return attempt.seats().stream()
                .map(this::report)
                .anyMatch(report -> report != null && report.phase() == WorkerPhase.RUNNING);
    }

    /// The workers of the attempt that leave.
    List<Finding> leaving() {
        List<Finding> findings = new ArrayList<>();
        for (Seat seat : attempt.seats()) {
            SlotView view = seen.slot(seat.slot());
            Drain drain = view.leaving();
            if (drain != null) {
                findings.add(ProcessPolicy.leaves(view, drain));
            }
        }
        return findings;
    }

    /// Whether every worker has ended the attempt by itself, and not because all its steps are done.
    boolean isPaused() {
        return attempt.seats().stream().map(this::report).allMatch(PausePolicy::hasEnded)
                && attempt.seats().stream()
                        .map(this::report)
                        .anyMatch(report -> report != null && report.phase() == WorkerPhase.PAUSED);
    }

    boolean isOver(Journal.Pausing pausing) {
        return isPaused() || alarm.passed(pausing.since(), seen.job().limits().grace(), "the pause of all workers");
    }

    /// Asks everybody who still trains, once.
    List<Decision> ask(Journal.Pausing pausing) {
        List<Decision> decisions = new ArrayList<>();
        for (Seat seat : attempt.seats()) {
            SlotView view = seen.slot(seat.slot());
            AttemptReport report = report(seat);
            Orders.Sent sent = view.orders().pause();
            if (report != null
                    && report.phase() == WorkerPhase.RUNNING
                    && view.session() instanceof Session.Connected
                    && (sent == null || sent.attempt() != attempt.number())) {
                decisions.add(new Decision.PauseAttempt(attempt.number(), seat.slot(), pausing.detail()));
            }
        }
        return decisions;
    }

    private @Nullable AttemptReport report(Seat seat) {
        AttemptReport report = seen.slot(seat.slot()).report();
        return report == null || report.attempt() != attempt.number() ? null : report;
    }

    private static boolean hasEnded(@Nullable AttemptReport report) {
        return report != null && (report.phase() == WorkerPhase.PAUSED || report.phase() == WorkerPhase.FINISHED);
    }
}
