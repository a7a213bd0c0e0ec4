package dev.pipelinejob.operator.drive;

import dev.pipelinejob.api.v1alpha1.PipelineJobSpec;
import dev.pipelinejob.operator.lifecycle.Decision;
import dev.pipelinejob.operator.lifecycle.PlanReference;
import dev.pipelinejob.operator.lifecycle.PlanningState;
import dev.pipelinejob.operator.planning.AttemptRecord;
import dev.pipelinejob.operator.planning.JobPlanner;
import dev.pipelinejob.operator.planning.PlanningOutcome;
import dev.pipelinejob.operator.planning.Regeneration;
import dev.pipelinejob.operator.planning.StageMeasurement;
import dev.pipelinejob.placement.topology.Topology;
import dev.pipelinejob.protocol.control.StageCost;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Planning beside the loop: asked without waiting, answered by a wake-up; and the plans that attempts follow.
public final class PlanDesk implements AutoCloseable {
    /// Costs that moved by more than this part since the last plan.
    private static final double WORTH_ANOTHER_PLAN = 0.2;
    /// So often a plan is made anew because another job took one of its slots meanwhile.
    private static final int MAX_TRIES = 5;
    /// So many plans are kept, those that were used last; others are made again from their attempts' records.
    private static final int MAX_REMEMBERED = 4;

    /// So long after an answer that had no place for all spares nobody asks again.
    private static final Duration SPARES_AGAIN = Duration.ofSeconds(10);

    /// So long a thread stays that has nothing to plan.
    private static final Duration IDLE = Duration.ofSeconds(10);

    private final JobPlanner planner;
    private final PipelineJobSpec spec;
    private final Places places;
    private final Clock clock;
    private final Runnable wake;
    private final ThreadPoolExecutor solver = new ThreadPoolExecutor(
            1,
            1,
            IDLE.toMillis(),
            TimeUnit.MILLISECONDS,
            new LinkedBlockingQueue<>(),
            // Not a virtual one, which would keep others from a processor until it has found its plan.
            Thread.ofPlatform().daemon().name("planning").factory());
    private final Map<String, PlanningOutcome.Planned> byDigest = new LinkedHashMap<>(16, 0.75f, true);
    private final TreeMap<Integer, StageMeasurement> measured = new TreeMap<>();
    private @Nullable CompletableFuture<PlanningOutcome> asked;
    private @Nullable PlanningOutcome answer;
    private Instant answeredAt = Instant.EPOCH;
    private List<String> avoided = List.of();
    private @Nullable String broken;
    private String measuredDigest = "";
    private boolean measurementsUsed;
    private double usedMicros;

    /// @param wake called when an answer is there; from any thread
    public PlanDesk(JobPlanner planner, PipelineJobSpec spec, Places places, Clock clock, Runnable wake) {
        this.planner = planner;
        this.spec = spec;
        this.places = places;
        this.clock = clock;
        this.wake = wake;
        solver.allowCoreThreadTimeOut(true);
    }

    /// Asks for a plan, with measured costs when every stage of the present one has been measured.
    ///
    /// @param decision what stays and what is avoided
    /// @param kept the node of each slot that stays
    /// @param newest the attempt whose plan is the present one after a restart; null when there is none
    void ask(Decision.Plan decision, SortedMap<Integer, String> kept, @Nullable AttemptRecord newest) {
        if (asked != null) {
            return;
        }
        PlanningOutcome.Planned present =
                answer instanceof PlanningOutcome.Planned planned ? planned : newest == null ? null : planOf(newest);
        List<StageMeasurement> costs = List.of();
        if (present != null && allMeasured(present)) {
            measurementsUsed = true;
            usedMicros = totalMicros(measured.values());
            costs = List.copyOf(measured.values());
        }
        int wanted = present == null ? 0 : present.plan().slots().size();
        Places.Wish wish = new Places.Wish(kept, decision.avoidNodes(), wanted, spares());
        avoided = wish.avoided();
        Question question = new Question(wish, present, costs);
        asked = CompletableFuture.supplyAsync(() -> plan(question), solver);
        CompletableFuture<PlanningOutcome> _ = asked.whenComplete((_, _) -> wake.run());
    }

    /// @param present the plan so far; null when there is none
    /// @param costs what was measured since it was made; empty when nothing was
    private record Question(
            Places.Wish wish, PlanningOutcome.@Nullable Planned present, List<StageMeasurement> costs) {}

    private PlanningOutcome plan(Question question) {
        for (int attempt = 0; attempt < MAX_TRIES; attempt++) {
            switch (places.offer(question.wish())) {
                case Places.Offer.Nothing(String sentence) -> {
                    return new PlanningOutcome.Infeasible(sentence);
                }
                case Places.Offer.Slots offer -> {
                    PlanningOutcome planned = plan(question, offer);
                    if (planned instanceof PlanningOutcome.Infeasible(String sentence)) {
                        return new PlanningOutcome.Infeasible((sentence + " " + offer.room()).strip());
                    }
                    PlanningOutcome taken = taken(question.wish(), planned);
                    if (taken != null) {
                        return taken;
                    }
                }
            }
        }
        return new PlanningOutcome.Infeasible("Other jobs took the free slots " + MAX_TRIES
                + " times while this job was being planned: it is planned again when slots become free.");
    }

    private PlanningOutcome plan(Question question, Places.Offer.Slots offer) {
        PlanningOutcome.Planned present = question.present();
        return present == null
                ? planner.plan(spec, offer.topology(), offer.ranks())
                : planner.replan(spec, present, question.costs(), offer.topology(), offer.ranks());
    }

    private int spares() {
        return spec.workerPools().getFirst().spares();
    }

    /// The outcome with its places taken for this job; null when one of them is not free any more.
    private @Nullable PlanningOutcome taken(Places.Wish wish, PlanningOutcome outcome) {
        if (!(outcome instanceof PlanningOutcome.Planned planned)) {
            return outcome;
        }
        String objection = places.objection(planned.plan().slots());
        if (objection != null) {
            return new PlanningOutcome.Infeasible(objection);
        }
        Places.Taken taken = places.take(wish, planned.plan().slots());
        return taken == null ? null : planned.placed(taken.ranks(), taken.spares());
    }

    /// An attempt was claimed with these places: a spare that took over a rank has left its own to another worker.
    void seated(PlanReference claimed) {
        if (answer instanceof PlanningOutcome.Planned planned
                && planned.reference().digest().equals(claimed.digest())) {
            answer = planned.placed(claimed.places(), claimed.spares());
        }
    }

    /// How far planning is; a plan that is there stays the proposed one while another is looked for.
    PlanningState state() {
        collect();
        boolean another = asked != null;
        return switch (answer) {
            case PlanningOutcome.Planned planned ->
                new PlanningState.Proposed(
                        planned.reference(),
                        !another && !measurementsUsed && allMeasured(planned),
                        places.closed(planned.reference()),
                        another,
                        another ? null : lacking(planned.reference()));
            case PlanningOutcome.Infeasible _ when another -> new PlanningState.InProgress();
            case PlanningOutcome.Infeasible(String sentence) ->
                new PlanningState.Infeasible(sentence, !places.mayGrow(), answeredAt, places.haveChanged());
            case null ->
                broken != null
                        ? new PlanningState.Broken(broken)
                        : another ? new PlanningState.InProgress() : new PlanningState.NotAsked();
        };
    }

    private PlanningState.@Nullable Lacking lacking(PlanReference plan) {
        return plan.spares().size() < spares()
                ? new PlanningState.Lacking(answeredAt.plus(SPARES_AGAIN), places.haveChanged(), avoided)
                : null;
    }

    private void collect() {
        CompletableFuture<PlanningOutcome> pending = asked;
        if (pending == null || !pending.isDone()) {
            return;
        }
        asked = null;
        answeredAt = clock.instant();
        if (pending.state() != Future.State.SUCCESS) {
            broken = String.valueOf(pending.exceptionNow());
            return;
        }
        PlanningOutcome outcome = pending.resultNow();
        if (outcome instanceof PlanningOutcome.Planned planned) {
            remember(planned.reference().digest(), planned);
        }
        answer = outcome;
    }

    private void remember(String digest, PlanningOutcome.Planned planned) {
        byDigest.put(digest, planned);
        if (byDigest.size() > MAX_REMEMBERED) {
            byDigest.remove(byDigest.keySet().iterator().next());
        }
    }

    private boolean allMeasured(PlanningOutcome.Planned planned) {
        return measuredDigest.equals(planned.reference().digest())
                && measured.size() == planned.plan().stages().size();
    }

    /// The plan that an attempt follows: one of this desk's, or made again from the record; null when it cannot be.
    public PlanningOutcome.@Nullable Planned planOf(AttemptRecord attempt) {
        PlanningOutcome.Planned remembered = byDigest.get(attempt.digest());
        if (remembered != null) {
            return remembered;
        }
        Topology topology = places.having(attempt.plan().slots());
        if (Regeneration.of(attempt, spec, topology) instanceof PlanningOutcome.Planned regenerated) {
            remember(attempt.digest(), regenerated);
            return regenerated;
        }
        return null;
    }

    /// A plan that this desk made or remembers, or null.
    PlanningOutcome.@Nullable Planned planNamed(String digest) {
        return byDigest.get(digest);
    }

    /// Forgets the present plan, so that the next one is made from what is free then.
    void forget() {
        answer = null;
        measurementsUsed = false;
    }

    /// The newest plan, or null when there is none.
    public PlanningOutcome.@Nullable Planned newest() {
        collect();
        return answer instanceof PlanningOutcome.Planned planned ? planned : null;
    }

    /// Notes what a worker measured while it followed the plan of `digest`. The newest figures of a stage count: the
    /// first steps of a process are slow. Figures far from those that were planned with are worth another plan.
    void measured(String digest, List<StageCost> costs) {
        if (!digest.equals(measuredDigest)) {
            measuredDigest = digest;
            measured.clear();
        }
        for (StageCost cost : costs) {
            measured.put(
                    cost.getStage(),
                    new StageMeasurement(cost.getStage(), cost.getForwardMicros(), cost.getBackwardMicros()));
        }
        double total = totalMicros(measured.values());
        if (measurementsUsed && Math.abs(total - usedMicros) > WORTH_ANOTHER_PLAN * usedMicros) {
            measurementsUsed = false;
        }
    }

    private static double totalMicros(Collection<StageMeasurement> measured) {
        return measured.stream()
                .mapToDouble(stage -> stage.forwardMicros() + stage.backwardMicros())
                .sum();
    }

    @Override
    public void close() {
        solver.shutdownNow();
    }
}
