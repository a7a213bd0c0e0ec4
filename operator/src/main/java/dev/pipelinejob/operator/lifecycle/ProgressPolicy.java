package dev.pipelinejob.operator.lifecycle;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An attempt that completes no step for too long is hung. The evidence names the worker: first the one whose engine
/// does not answer its own supervisor, then the one whose edges its peers call dead, then a silent one, then the one
/// that is a step behind. When nothing tells them apart nobody is
/// killed: the next `Prepare` finds who does not answer.
final class ProgressPolicy {
    private final Observation seen;
    private final ClaimedAttempt attempt;
    private final Alarm alarm;

    ProgressPolicy(Observation seen, ClaimedAttempt attempt, Alarm alarm) {
        this.seen = seen;
        this.attempt = attempt;
        this.alarm = alarm;
    }

    List<Finding> find() {
        Instant last = lastAdvance();
        Duration limit = seen.job().failurePolicy().progressDeadline();
        if (last == null || !alarm.passed(last, limit, "the next step")) {
            return List.of();
        }
        List<Seat> suspects = suspects();
        String stalled = "Attempt %d has completed no step for %d s".formatted(attempt.number(), limit.toSeconds());
        if (suspects.isEmpty()) {
            return List.of(Finding.of(
                    Cause.PROGRESS_STALLED,
                    Finding.NOBODY,
                    new Finding.Remedy.Nothing(),
                    stalled + ", and nothing tells which of its workers hangs."));
        }
        return suspects.stream()
                .map(seat -> Finding.of(
                        Cause.PROGRESS_STALLED,
                        seat.slot(),
                        Workers.remedy(seen.slot(seat.slot()), seat),
                        stalled + "; slot " + seat.slot() + " (rank " + seat.rank() + ") hangs."))
                .toList();
    }

    /// The engine of a seat does not answer its own supervisor, and somebody waits for it.
    static Finding hangs(SlotView view, Seat seat, String sentence) {
        return Finding.of(
                Cause.PROGRESS_STALLED,
                seat.slot(),
                Workers.remedy(view, seat),
                "The engine of slot %d (process %d) hangs: it does not answer its supervisor. %s"
                        .formatted(seat.slot(), seat.enginePid(), sentence));
    }

    private @Nullable Instant lastAdvance() {
        Instant last = null;
        for (Seat seat : attempt.seats()) {
            SlotView view = seen.slot(seat.slot());
            AttemptReport report = view.report();
            Orders.Sent start = view.orders().start();
            if (start != null && start.attempt() == attempt.number()) {
                last = later(last, start.at());
            }
            if (report != null && report.attempt() == attempt.number() && StartPolicy.trains(report)) {
                last = later(last, later(report.phaseAt(), report.stepAt()));
            }
        }
        return last;
    }

    private static Instant later(@Nullable Instant first, Instant second) {
        return first == null || second.isAfter(first) ? second : first;
    }

    private List<Seat> suspects() {
        List<Seat> hung = attempt.seats().stream()
                .filter(seat -> !Workers.answers(seen.slot(seat.slot())))
                .toList();
        List<Seat> accused = new ArrayList<>();
        List<Seat> silent = new ArrayList<>();
        for (Seat seat : attempt.seats()) {
            if (isAccused(seat)) {
                accused.add(seat);
            }
            if (seen.slot(seat.slot()).session() instanceof Session.Silent) {
                silent.add(seat);
            }
        }
        for (List<Seat> evidence : List.of(hung, accused, silent, behind())) {
            if (!evidence.isEmpty() && evidence.size() < attempt.seats().size()) {
                return evidence;
            }
        }
        return List.of();
    }

    private boolean isAccused(Seat seat) {
        return attempt.seats().stream()
                .filter(other -> other.rank() != seat.rank())
                .flatMap(other -> seen.slot(other.slot()).edges().stream())
                .anyMatch(edge -> edge.attempt() == attempt.number() && edge.peerRank() == seat.rank());
    }

    private List<Seat> behind() {
        int lowest = attempt.seats().stream()
                .map(this::step)
                .min(Comparator.naturalOrder())
                .orElse(0);
        return attempt.seats().stream().filter(seat -> step(seat) == lowest).toList();
    }

    private int step(Seat seat) {
        AttemptReport report = seen.slot(seat.slot()).report();
        return report == null || report.attempt() != attempt.number() ? attempt.resumeStep() : report.step();
    }
}
