package dev.pipelinejob.operator.lifecycle;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The way to the next attempt: a plan, a live worker with a fresh engine for each rank, the end of the back-off, and
/// what the store holds; then the claim.
final class NextAttemptPolicy {
    /// So long after the job fitted nowhere it is tried again, also when nothing is known to have changed.
    static final Duration ASK_AGAIN = Duration.ofSeconds(30);

    private final Observation seen;
    private final Journal journal;
    private final RankPolicy ranks;
    private final Instant notBefore;
    private final Alarm alarm;

    NextAttemptPolicy(Observation seen, Journal journal, Places places, Instant notBefore, Alarm alarm) {
        this.seen = seen;
        this.journal = journal;
        this.ranks = new RankPolicy(seen, journal, places, alarm);
        this.notBefore = notBefore;
        this.alarm = alarm;
    }

    /// What to do next, and why nothing more can be done yet.
    ///
    /// @param inexact why losses may differ from here on; null when they cannot
    /// @param fatal why the job cannot go on; null when it can
    record Step(
            List<Decision> decisions,
            JobState state,
            String sentence,
            @Nullable String inexact,
            Finding.@Nullable Fatal fatal) {
        Step(List<Decision> decisions, JobState state, String sentence) {
            this(decisions, state, sentence, null, null);
        }
    }

    Step proceed() {
        return switch (seen.planning()) {
            case PlanningState.NotAsked _ ->
                new Step(List.of(ask("there is no plan yet")), JobState.PLANNING, "Planning.");
            case PlanningState.InProgress _ -> new Step(List.of(), JobState.PLANNING, "Planning.");
            case PlanningState.Infeasible infeasible -> nowhere(infeasible);
            case PlanningState.Broken(String detail) -> {
                String message = "The plan of job %s could not be made, which is a fault of the operator's: %s"
                        .formatted(seen.job().name(), detail);
                yield fatal(new Finding.Fatal("PlanningFailed", message, false));
            }
            case PlanningState.Proposed proposed -> withPlan(proposed);
        };
    }

    private Decision.Plan ask(String reason) {
        return new Decision.Plan(reason, Workers.live(seen, journal), Workers.avoided(seen, journal));
    }

    private static Step fatal(Finding.Fatal fatal) {
        return new Step(List.of(), JobState.FAILED, fatal.message(), null, fatal);
    }

    private Step nowhere(PlanningState.Infeasible infeasible) {
        if (infeasible.forGood()) {
            return fatal(new Finding.Fatal("PlacementInfeasible", infeasible.sentence(), true));
        }
        boolean again = infeasible.capacityChanged()
                || alarm.passed(infeasible.answeredAt(), ASK_AGAIN, "room for all workers");
        List<Decision> decisions = again ? List.of(ask("there may be room now")) : List.of();
        return new Step(decisions, JobState.PENDING, infeasible.sentence());
    }

    private Step withPlan(PlanningState.Proposed proposed) {
        RankPolicy.Filled filled = ranks.fill(proposed.plan());
        int wanted = proposed.plan().places().size();
        int missing = wanted - filled.seats().size();
        if (filled.homeless() != null) {
            return waiting(proposed.another() ? List.of() : List.of(ask(filled.homeless())), filled.homeless());
        }
        List<Decision> surplus = surplus(proposed);
        if (missing > 0) {
            List<Decision> decisions = new ArrayList<>(filled.starts());
            decisions.addAll(surplus);
            return waiting(decisions, "Waiting for %d of %d workers.".formatted(missing, wanted));
        }
        Inventory inventory = seen.inventory();
        if (inventory == null) {
            return waiting(surplus, "Waiting for a worker to look into the checkpoint store.");
        }
        if (!alarm.reached(notBefore, "the back-off")) {
            return waiting(surplus, "Waiting until " + notBefore + " before the next attempt (back-off).");
        }
        return claim(proposed.plan(), filled.seats(), inventory, surplus);
    }

    /// Workers that a newer plan has no place for.
    private List<Decision> surplus(PlanningState.Proposed proposed) {
        Places places = new Places(seen, journal);
        return proposed.another()
                ? List.of()
                : Workers.live(seen, journal).stream()
                        .filter(slot -> !places.has(slot))
                        .<Decision>map(slot -> new Decision.ReleaseSlot(
                                slot, seen.slot(slot).presence().incarnation(), "the plan has no place for it"))
                        .toList();
    }

    private Step waiting(List<Decision> decisions, String sentence) {
        return new Step(decisions, journal.open() == null ? JobState.STARTING : JobState.RESTARTING, sentence);
    }

    private Step claim(PlanReference plan, List<Seat> seats, Inventory inventory, List<Decision> surplus) {
        int resumeStep = ResumePolicy.resumeStep(inventory, journal.corruptSteps());
        NumericsPolicy numerics = new NumericsPolicy(seen);
        String difference = numerics.difference(seats, resumeStep == 0 ? "" : inventory.numericsFingerprint());
        if (difference != null && seen.job().bitwise()) {
            return fatal(numerics.refusal(difference));
        }
        String dataDigest = inventory.dataDigest().isEmpty() ? journal.dataDigest() : inventory.dataDigest();
        int number = nextNumber();
        List<Decision> decisions = new ArrayList<>();
        decisions.add(new Decision.ClaimAttempt(number, resumeStep, seated(plan, seats), seats, dataDigest));
        decisions.addAll(surplus);
        String sentence = "Claiming attempt %d from step %d.".formatted(number, resumeStep);
        return new Step(
                decisions,
                journal.open() == null ? JobState.PREPARING : JobState.RESTARTING,
                sentence,
                difference == null ? null : NumericsPolicy.notice(number, resumeStep, difference),
                null);
    }

    /// The plan with the places that its ranks really have; a spare that took over leaves its own to the lost worker.
    private static PlanReference seated(PlanReference plan, List<Seat> seats) {
        List<PlanReference.Place> places = seats.stream()
                .map(seat -> new PlanReference.Place(seat.slot(), seat.node()))
                .toList();
        Set<Integer> seated = seats.stream().map(Seat::slot).collect(Collectors.toSet());
        List<PlanReference.Place> spares = plan.all().stream()
                .filter(place -> !seated.contains(place.slot()))
                .toList();
        return new PlanReference(plan.digest(), places, spares);
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
}
