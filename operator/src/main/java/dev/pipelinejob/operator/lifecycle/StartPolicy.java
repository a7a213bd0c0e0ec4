package dev.pipelinejob.operator.lifecycle;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The two phases of a claimed attempt: `Prepare` to every seat, and `Start` only when every seat is ready. What runs
/// already is left alone, so a restarted operator changes nothing that is healthy.
final class StartPolicy {
    /// So long after a worker said that it is busy it is asked again.
    static final Duration BUSY_RETRY = Duration.ofSeconds(1);

    private final Observation seen;
    private final ClaimedAttempt attempt;
    private final Alarm alarm;

    StartPolicy(Observation seen, ClaimedAttempt attempt, Alarm alarm) {
        this.seen = seen;
        this.attempt = attempt;
        this.alarm = alarm;
    }

    List<Decision> proceed() {
        List<Decision> decisions = new ArrayList<>();
        boolean allReady = attempt.seats().stream().allMatch(seat -> isReady(report(seat)));
        for (Seat seat : attempt.seats()) {
            SlotView view = seen.slot(seat.slot());
            if (!(view.session() instanceof Session.Connected)) {
                continue;
            }
            if (needsPrepare(view, report(seat))) {
                decisions.add(new Decision.Prepare(attempt.number(), seat.slot(), seat.rank()));
            } else if (allReady && needsStart(view, report(seat))) {
                decisions.add(new Decision.StartTraining(attempt.number(), seat.slot()));
            }
        }
        return decisions;
    }

    /// Whether every seat trains, or has done all its steps.
    boolean isTraining() {
        return attempt.seats().stream().map(this::report).allMatch(StartPolicy::trains);
    }

    /// The data's digest as the ready workers found it; null while not all are ready, empty when they do not agree.
    @Nullable
    String dataDigest() {
        List<String> digests = new ArrayList<>();
        for (Seat seat : attempt.seats()) {
            AttemptReport report = report(seat);
            if (report == null || !isReady(report)) {
                return null;
            }
            digests.add(report.dataDigest());
        }
        List<String> distinct =
                digests.stream().filter(digest -> !digest.isEmpty()).distinct().toList();
        return switch (distinct.size()) {
            case 0 -> null;
            case 1 -> distinct.getFirst();
            default -> "";
        };
    }

    private @Nullable AttemptReport report(Seat seat) {
        AttemptReport report = seen.slot(seat.slot()).report();
        return report == null || report.attempt() != attempt.number() ? null : report;
    }

    private boolean needsPrepare(SlotView view, @Nullable AttemptReport report) {
        if (report == null) {
            Orders.Sent sent = view.orders().prepare();
            return sent == null || sent.attempt() != attempt.number();
        }
        if (!(report.problem() instanceof Problem.Busy)) {
            return false;
        }
        Orders.Sent sent = view.orders().prepare();
        Instant asked = sent == null || sent.at().isBefore(report.phaseAt()) ? report.phaseAt() : sent.at();
        return alarm.passed(asked, BUSY_RETRY, "slot " + view.slot() + " to be free");
    }

    private boolean needsStart(SlotView view, @Nullable AttemptReport report) {
        Orders.Sent sent = view.orders().start();
        return report != null
                && report.phase() == WorkerPhase.READY
                && (sent == null || sent.attempt() != attempt.number());
    }

    private static boolean isReady(@Nullable AttemptReport report) {
        return report != null && (report.phase() == WorkerPhase.READY || trains(report));
    }

    /// Whether the worker has begun to train, however that went on.
    static boolean trains(@Nullable AttemptReport report) {
        return report != null
                && switch (report.phase()) {
                    case RUNNING, FINISHED, PAUSED -> true;
                    case PREPARING, READY, FAILED -> false;
                };
    }
}
