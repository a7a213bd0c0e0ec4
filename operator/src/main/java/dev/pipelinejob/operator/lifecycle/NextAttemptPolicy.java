package dev.pipelinejob.operator.lifecycle;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The way to the next attempt: a plan, a live worker with a fresh engine in each of its slots, the end of the
/// back-off, and what the store holds; then the claim.
final class NextAttemptPolicy {
    private final Observation seen;
    private final Journal journal;
    private final Instant notBefore;
    private final Alarm alarm;

    NextAttemptPolicy(Observation seen, Journal journal, Instant notBefore, Alarm alarm) {
        this.seen = seen;
        this.journal = journal;
        this.notBefore = notBefore;
        this.alarm = alarm;
    }

    /// What to do next, and why nothing more can be done yet.
    ///
    /// @param fatal why the job cannot go on; null when it can
    record Step(List<Decision> decisions, JobState state, String sentence, Finding.@Nullable Fatal fatal) {}

    Step proceed() {
        return switch (seen.planning()) {
            case PlanningState.NotAsked _ ->
                new Step(List.of(new Decision.Plan("there is no plan yet")), JobState.PLANNING, "Planning.", null);
            case PlanningState.InProgress _ -> new Step(List.of(), JobState.PLANNING, "Planning.", null);
            case PlanningState.Infeasible(String sentence) ->
                new Step(
                        List.of(), JobState.FAILED, sentence, new Finding.Fatal("PlacementInfeasible", sentence, true));
            case PlanningState.Proposed proposed -> withPlan(proposed.plan());
        };
    }

    private Step withPlan(PlanReference plan) {
        List<Decision> starts = new ArrayList<>();
        List<Seat> seats = new ArrayList<>();
        for (int rank = 0; rank < plan.slots().size(); rank++) {
            SlotView view = seen.slot(plan.slots().get(rank));
            if (view.presence() instanceof Presence.Absent) {
                starts.add(new Decision.StartSlot(view.slot(), nextIncarnation(view.slot())));
            }
            Seat seat = seat(rank, view);
            if (seat != null) {
                seats.add(seat);
            }
        }
        int missing = plan.slots().size() - seats.size();
        if (missing > 0) {
            return waiting(
                    starts,
                    "Waiting for %d of %d workers."
                            .formatted(missing, plan.slots().size()));
        }
        Inventory inventory = seen.inventory();
        if (inventory == null) {
            return waiting(starts, "Waiting for a worker to look into the checkpoint store.");
        }
        if (!alarm.reached(notBefore, "the back-off")) {
            return waiting(starts, "Waiting until " + notBefore + " before the next attempt (back-off).");
        }
        return claim(plan, seats, inventory);
    }

    private Step waiting(List<Decision> starts, String sentence) {
        return new Step(starts, journal.open() == null ? JobState.STARTING : JobState.RESTARTING, sentence, null);
    }

    private Step claim(PlanReference plan, List<Seat> seats, Inventory inventory) {
        int resumeStep = ResumePolicy.resumeStep(inventory, journal.corruptSteps());
        Finding.Fatal mixed = NumericsPolicy.check(seen, seats, resumeStep == 0 ? "" : inventory.numericsFingerprint());
        if (mixed != null) {
            return new Step(List.of(), JobState.FAILED, mixed.message(), mixed);
        }
        String dataDigest = inventory.dataDigest().isEmpty() ? journal.dataDigest() : inventory.dataDigest();
        int number = nextNumber();
        Decision claim = new Decision.ClaimAttempt(number, resumeStep, plan, seats, dataDigest);
        String sentence = "Claiming attempt %d from step %d.".formatted(number, resumeStep);
        return new Step(
                List.of(claim), journal.open() == null ? JobState.PREPARING : JobState.RESTARTING, sentence, null);
    }

    /// Above every attempt that anybody knows of.
    private int nextNumber() {
        int highest = seen.newestAttempt() == null ? 0 : seen.newestAttempt().number();
        for (SlotView view : seen.slots()) {
            AttemptReport report = view.report();
            if (report != null) {
                highest = Math.max(highest, report.attempt());
                if (report.problem() instanceof Problem.StaleAttempt stale) {
                    highest = Math.max(highest, stale.newestKnown());
                }
            }
        }
        return highest + 1;
    }

    private int nextIncarnation(int slot) {
        return 1
                + seen.attempts().stream()
                        .flatMap(attempt -> attempt.seats().stream())
                        .filter(seat -> seat.slot() == slot)
                        .mapToInt(Seat::incarnation)
                        .max()
                        .orElse(0);
    }

    /// The seat that a slot can fill now; null while its worker or engine is not there or has to be made new.
    private @Nullable Seat seat(int rank, SlotView view) {
        if (!(view.presence() instanceof Presence.Up(int incarnation, var _))
                || !(view.session() instanceof Session.Connected)
                || !(view.engine() instanceof EngineState.Up engine)
                || journal.isHandled(view.slot(), incarnation, Journal.HandledExit.WHOLE_WORKER)
                || journal.isHandled(view.slot(), incarnation, engine.pid())) {
            return null;
        }
        return new Seat(rank, view.slot(), incarnation, engine.pid(), engine.address());
    }
}
