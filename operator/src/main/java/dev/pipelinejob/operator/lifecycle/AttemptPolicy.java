package dev.pipelinejob.operator.lifecycle;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Whether one seat still fills its place in the attempt: the same incarnation, the same engine process, and a report
/// that fits. Healthy processes can be out of step too.
final class AttemptPolicy {
    /// So long a worker that lost its peer waits for the peer's own evidence before the edge itself is blamed.
    static final Duration CAUSE_WAIT = Duration.ofSeconds(1);

    /// So long the last worker may take to prepare when it is suspected to hang.
    static final Duration SUSPECT_LIMIT = Duration.ofSeconds(20);

    private final Observation seen;
    private final ClaimedAttempt attempt;
    private final ProcessPolicy processes;
    private final SilencePolicy silence;
    private final Alarm alarm;
    private final Answers answers;

    /// What the ranks have said of the attempt.
    ///
    /// @param pending those that are not heard to have prepared
    /// @param peerLost those that have lost a peer
    /// @param train whether any of them has begun to train
    private record Answers(Set<Integer> pending, Set<Integer> peerLost, boolean train) {
        static Answers of(Observation seen, ClaimedAttempt attempt) {
            Set<Integer> pending = new HashSet<>();
            Set<Integer> peerLost = new HashSet<>();
            boolean train = false;
            for (Seat seat : attempt.seats()) {
                AttemptReport report = seen.slot(seat.slot()).report();
                if (report == null || report.attempt() != attempt.number() || report.phase() == WorkerPhase.PREPARING) {
                    pending.add(seat.rank());
                } else {
                    train |= StartPolicy.trains(report);
                    if (report.problem() instanceof Problem.PeerLost) {
                        peerLost.add(seat.rank());
                    }
                }
            }
            return new Answers(pending, peerLost, train);
        }
    }

    AttemptPolicy(
            Observation seen, ClaimedAttempt attempt, ProcessPolicy processes, SilencePolicy silence, Alarm alarm) {
        this.seen = seen;
        this.attempt = attempt;
        this.processes = processes;
        this.silence = silence;
        this.alarm = alarm;
        this.answers = Answers.of(seen, attempt);
    }

    @Nullable
    Finding find(Seat seat, SlotView view) {
        return switch (view.presence()) {
            case Presence.Absent _ -> absent(seat);
            case Presence.Gone _ -> processes.find(view);
            case Presence.Starting starting ->
                starting.incarnation() == seat.incarnation() ? processes.find(view) : replaced(seat);
            case Presence.Up up -> up.incarnation() == seat.incarnation() ? up(seat, view) : replaced(seat);
        };
    }

    private Finding absent(Seat seat) {
        boolean all =
                attempt.seats().stream().allMatch(each -> seen.slot(each.slot()).presence() instanceof Presence.Absent);
        return all
                ? Finding.of(
                        Cause.JOB_STOPPED,
                        Finding.NOBODY,
                        new Finding.Remedy.Nothing(),
                        "All workers of attempt " + attempt.number() + " were stopped.")
                : Finding.of(
                        Cause.WORKER_EXITED,
                        seat.slot(),
                        new Finding.Remedy.Nothing(),
                        "The worker of slot " + seat.slot() + " is not there any more.");
    }

    private static Finding replaced(Seat seat) {
        return Finding.of(
                Cause.WORKER_EXITED,
                seat.slot(),
                new Finding.Remedy.Nothing(),
                "Incarnation %d of slot %d was replaced.".formatted(seat.incarnation(), seat.slot()));
    }

    private @Nullable Finding up(Seat seat, SlotView view) {
        if (view.lastExit() != null && view.lastExit().pid() == seat.enginePid()) {
            return processes.exited(view, seat.incarnation(), view.lastExit());
        }
        Finding dead = processes.find(view);
        if (dead != null) {
            return dead;
        }
        if (view.session() instanceof Session.Awaited) {
            return null;
        }
        if (!(view.engine() instanceof EngineState.Up up)
                || up.pid() != seat.enginePid()
                || !up.address().equals(seat.engineAddress())) {
            return Finding.of(
                    Cause.ENGINE_EXITED,
                    seat.slot(),
                    new Finding.Remedy.Engine(seat.incarnation(), seat.enginePid()),
                    "The engine of slot %d (process %d) is gone.".formatted(seat.slot(), seat.enginePid()));
        }
        return reported(seat, view, view.report());
    }

    private @Nullable Finding reported(Seat seat, SlotView view, @Nullable AttemptReport report) {
        if (report == null || report.attempt() < attempt.number()) {
            return notHeld(seat, view);
        }
        if (report.attempt() > attempt.number()) {
            return fenced(
                    seat,
                    "Slot %d holds attempt %d, but the newest claimed one is %d."
                            .formatted(seat.slot(), report.attempt(), attempt.number()));
        }
        return switch (report.phase()) {
            case PREPARING -> late(seat, view, prepareBase(view, report.phaseAt()));
            case READY, RUNNING, FINISHED, PAUSED -> confirmed(seat, view, report);
            case FAILED -> failed(seat, view, report);
        };
    }

    private @Nullable Finding confirmed(Seat seat, SlotView view, AttemptReport report) {
        if (!report.digest().equals(attempt.planDigest())) {
            return fenced(
                    seat,
                    "Slot %d confirmed plan %s instead of %s."
                            .formatted(seat.slot(), report.digest(), attempt.planDigest()));
        }
        Orders.Sent start = view.orders().start();
        boolean cannotBeStarted = report.phase() == WorkerPhase.READY
                && view.session() instanceof Session.Silent
                && (start == null || start.attempt() != attempt.number());
        return cannotBeStarted ? late(seat, view, prepareBase(view, report.phaseAt())) : null;
    }

    private @Nullable Finding notHeld(Seat seat, SlotView view) {
        if (answers.train()) {
            return fenced(
                    seat,
                    "Slot %d does not hold attempt %d, which others train.".formatted(seat.slot(), attempt.number()));
        }
        return isAsked(view) || !(view.session() instanceof Session.Connected)
                ? late(seat, view, prepareBase(view, attempt.claimedAt()))
                : null;
    }

    private boolean isAsked(SlotView view) {
        Orders.Sent sent = view.orders().prepare();
        return sent != null && sent.attempt() == attempt.number();
    }

    /// Since when a worker is waited for: the order, or what kept it from hearing one.
    private Instant prepareBase(SlotView view, Instant otherwise) {
        Orders.Sent sent = view.orders().prepare();
        Instant base = sent != null && sent.attempt() == attempt.number() ? sent.at() : otherwise;
        if (view.presence() instanceof Presence.Up up && up.since().isAfter(base)) {
            base = up.since();
        }
        if (view.session() instanceof Session.Silent(var since) && since.isAfter(base)) {
            base = since;
        }
        return base;
    }

    private @Nullable Finding late(Seat seat, SlotView view, Instant since) {
        Duration limit = prepareLimit(seat);
        if (!alarm.passed(since, limit, "slot " + seat.slot() + " to prepare")) {
            return null;
        }
        return Finding.of(
                Cause.PREPARE_TIMED_OUT,
                seat.slot(),
                Workers.remedy(view, seat),
                "Slot %d did not prepare attempt %d within %d s."
                        .formatted(seat.slot(), attempt.number(), limit.toSeconds()));
    }

    /// The last one to answer has less time when something hung before and nothing told who: then it is the one.
    private Duration prepareLimit(Seat seat) {
        Duration limit = seen.job().limits().prepare();
        boolean isLast =
                attempt.seats().size() > 1 && answers.pending().stream().allMatch(rank -> rank == seat.rank());
        boolean hangs = !Workers.answers(seen.slot(seat.slot()));
        boolean isWaitedFor = followsAStall() || answers.peerLost().stream().anyMatch(rank -> rank != seat.rank());
        boolean isSuspected = hangs || (isLast && isWaitedFor);
        return isSuspected && limit.compareTo(SUSPECT_LIMIT) > 0 ? SUSPECT_LIMIT : limit;
    }

    private boolean followsAStall() {
        List<Restart> history = seen.journal().history();
        return !history.isEmpty()
                && history.getLast().attempt() == attempt.number()
                && history.getLast().cause() == Cause.PROGRESS_STALLED
                && history.getLast().slot() == Finding.NOBODY;
    }

    private static Finding fenced(Seat seat, String detail) {
        return Finding.of(Cause.ATTEMPT_FENCED, seat.slot(), new Finding.Remedy.Nothing(), detail);
    }

    private @Nullable Finding failed(Seat seat, SlotView view, AttemptReport report) {
        Problem problem = report.problem();
        String who = "Slot " + seat.slot() + ": ";
        return switch (problem) {
            case null -> null;
            case Problem.CorruptCheckpoint(int step, String part, String detail) ->
                Finding.of(
                                Cause.CHECKPOINT_CORRUPT,
                                seat.slot(),
                                new Finding.Remedy.Nothing(),
                                who + "part " + part + " of step " + step + " cannot be loaded: " + detail)
                        .withCorruptStep(step);
            case Problem.StaleAttempt(int _, String detail) -> fenced(seat, who + detail);
            case Problem.OtherDigest(String detail) -> fenced(seat, who + detail);
            case Problem.Busy _ -> late(seat, view, attempt.claimedAt());
            case Problem.UserError(String detail) ->
                Finding.of(Cause.WORKER_FAILED, seat.slot(), new Finding.Remedy.Nothing(), who + detail)
                        .withFatal(new Finding.Fatal("InvalidJob", detail, true));
            case Problem.PeerLost(String detail) ->
                !silence.isUndecided(view) && alarm.passed(report.phaseAt(), CAUSE_WAIT, "evidence of who is lost")
                        ? peerLost(who + detail)
                        : null;
            case Problem.StoreFull(String detail) ->
                Finding.of(Cause.STORE_FULL, seat.slot(), new Finding.Remedy.Nothing(), who + detail)
                        .withFatal(StorePolicy.fatal(seen.job().name(), seen.journal(), attempt, detail));
            case Problem.StoreError(String detail) ->
                Finding.of(Cause.STORE_ERROR, seat.slot(), new Finding.Remedy.Nothing(), who + detail);
            case Problem.Internal(String detail) ->
                Finding.of(
                        Cause.WORKER_FAILED,
                        seat.slot(),
                        new Finding.Remedy.Engine(seat.incarnation(), seat.enginePid()),
                        who + detail);
        };
    }

    /// An edge is lost because of the engine behind it that hangs; of nobody's when all answer.
    private Finding peerLost(String sentence) {
        return attempt.seats().stream()
                .filter(seat -> !Workers.answers(seen.slot(seat.slot())))
                .findFirst()
                .map(seat -> ProgressPolicy.hangs(seen.slot(seat.slot()), seat, sentence))
                .orElseGet(() -> Finding.of(Cause.EDGE_LOST, Finding.NOBODY, new Finding.Remedy.Nothing(), sentence));
    }
}
