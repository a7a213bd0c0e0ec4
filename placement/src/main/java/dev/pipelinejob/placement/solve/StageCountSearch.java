package dev.pipelinejob.placement.solve;

import dev.pipelinejob.placement.plan.Plan;
import dev.pipelinejob.placement.plan.ScheduleKind;
import dev.pipelinejob.placement.plan.Stage;
import dev.pipelinejob.placement.schedule.ScheduleGenerator;
import dev.pipelinejob.placement.simulate.Simulation;
import dev.pipelinejob.placement.simulate.Simulator;
import dev.pipelinejob.placement.topology.Slot;
import dev.pipelinejob.placement.topology.Topology;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// For one schedule: the least bottleneck of every number of stages, and of these the shortest simulated step.
final class StageCountSearch {
    private final PlacementProblem problem;
    private final Topology topology;
    private final StageLimits stages;
    private final PlaceCosts costs;
    private final WorkMeter meter;
    private final int maxStages;
    private final int[] cuts;

    StageCountSearch(
            PlacementProblem problem,
            Topology topology,
            StageLimits stages,
            ScheduleKind schedule,
            boolean rematerialize,
            WorkMeter meter) {
        this.problem = problem;
        this.topology = topology;
        this.stages = stages;
        this.costs = new PlaceCosts(problem.graph(), schedule, problem.microBatches(), rematerialize);
        this.meter = meter;
        this.cuts = Planner.cuts(problem);
        this.maxStages = Math.min(
                Math.min(stages.max(), cuts.length - 1), topology.slots().size());
    }

    Outcome search() {
        Objective.Bottleneck bottleneck = new Objective.Bottleneck(costs);
        double[] best = new ChainSearch(topology, cuts, new StageLimits(stages.min(), maxStages), bottleneck, meter)
                .bestByStages();
        if (meter.isExhausted()) {
            return inTime();
        }
        List<Integer> counts = IntStream.rangeClosed(stages.min(), maxStages)
                .filter(count -> best[count] < Double.POSITIVE_INFINITY)
                .boxed()
                .sorted(Comparator.<Integer>comparingDouble(count -> best[count])
                        .thenComparingInt(count -> count))
                .toList();
        if (counts.isEmpty()) {
            return Planner.refused("No plan fits.");
        }
        double stepLowerBoundMicros = best[counts.getFirst()] * problem.microBatches();
        Candidate chosen = null;
        for (int count : counts) {
            // No step is shorter than all its micro-batches at the bottleneck, so the rest cannot win any more.
            boolean canWin = chosen == null || best[count] * problem.microBatches() < chosen.stepMicros();
            if (canWin && (chosen == null || !meter.isExhausted())) {
                chosen = better(chosen, candidate(bottleneck, count, best[count]));
            }
        }
        if (chosen == null) {
            return inTime();
        }
        double lowerBoundMicros = best[chosen.stages()];
        double anyOrderMicros = AnyOrderBound.micros(costs, topology, cuts, chosen.stages(), meter);
        BoundKind kind = anyOrderMicros >= lowerBoundMicros ? BoundKind.CONTIGUOUS : BoundKind.CONTIGUOUS_LEAF_ORDER;
        Outcome.Found found = chosen.found(new Bounds(lowerBoundMicros, stepLowerBoundMicros, kind), meter.work());
        return meter.isExhausted() ? new Outcome.Feasible(found) : new Outcome.Optimal(found);
    }

    /// A plan with its prediction.
    private record Candidate(Plan plan, Simulation simulation, double bottleneckMicros) {
        int stages() {
            return plan.stages().size();
        }

        double stepMicros() {
            return simulation.steadyStepMicros();
        }

        Outcome.Found found(Bounds bounds, long work) {
            return new Outcome.Found(
                    plan,
                    simulation,
                    bottleneckMicros,
                    bounds.lowerBoundMicros(),
                    bounds.stepLowerBoundMicros(),
                    bounds.kind(),
                    work);
        }
    }

    private record Bounds(double lowerBoundMicros, double stepLowerBoundMicros, BoundKind kind) {}

    /// The shorter step; a worker more must be worth its place.
    private static Candidate better(@Nullable Candidate chosen, Candidate other) {
        if (chosen == null) {
            return other;
        }
        boolean otherIsSmaller = other.stages() < chosen.stages();
        double smaller = otherIsSmaller ? other.stepMicros() : chosen.stepMicros();
        double larger = otherIsSmaller ? chosen.stepMicros() : other.stepMicros();
        boolean takesLarger = larger < smaller * (1 - Planner.WORTHWHILE_FRACTION);
        return takesLarger == otherIsSmaller ? chosen : other;
    }

    private Candidate candidate(Objective.Bottleneck bottleneck, int count, double bottleneckMicros) {
        Objective balance = new Objective.Balance(bottleneck, bottleneckMicros);
        StageLimits exactly = StageLimits.exactly(count);
        ChainSearch even = new ChainSearch(topology, cuts, exactly, balance, meter);
        boolean isEven = even.bestByStages()[count] < Double.POSITIVE_INFINITY && !meter.isExhausted();
        List<ChainSearch.Piece> pieces =
                isEven ? even.layout(count) : new ChainSearch(topology, cuts, exactly, bottleneck, meter).layout(count);
        return candidate(pieces);
    }

    private Candidate candidate(List<ChainSearch.Piece> pieces) {
        List<Stage> planned = new ArrayList<>();
        List<String> slots = new ArrayList<>();
        for (ChainSearch.Piece piece : pieces) {
            planned.add(new Stage(planned.size(), piece.first(), piece.end(), planned.size()));
            slots.add(piece.slot().name());
        }
        Plan plan = new Plan(
                costs.memory().schedule(),
                problem.microBatches(),
                costs.memory().rematerialize(),
                planned,
                slots);
        Simulation simulation =
                Simulator.run(problem.graph(), topology, plan, ScheduleGenerator.generate(problem.graph(), plan));
        return new Candidate(plan, simulation, BottleneckOfPlan.micros(costs, topology, plan));
    }

    /// When the limit came first: an even cut over the first slots, with what can be said without a search.
    private Outcome inTime() {
        for (int count = maxStages; count >= stages.min(); count--) {
            List<ChainSearch.Piece> pieces = EvenCut.pieces(costs, topology, cuts, count);
            if (!pieces.isEmpty()) {
                Candidate candidate = candidate(pieces);
                double stepBoundMicros = simpleLowerBoundMicros(maxStages) * problem.microBatches();
                Bounds bounds = new Bounds(simpleLowerBoundMicros(count), stepBoundMicros, BoundKind.CONTIGUOUS);
                return new Outcome.Feasible(candidate.found(bounds, meter.work()));
            }
        }
        return new Outcome.OutOfTime(meter.work());
    }

    /// All work spread over the fastest slots, and no less than the longest part that cannot be cut.
    private double simpleLowerBoundMicros(int count) {
        double[] speeds = topology.slots().stream()
                .mapToDouble(Slot::relativeSpeed)
                .sorted()
                .toArray();
        double fastest = speeds[speeds.length - 1];
        double together =
                Arrays.stream(speeds, speeds.length - count, speeds.length).sum();
        boolean again = costs.memory().rematerialize();
        double bound = costs.costs().microBatchMicros(0, cuts[cuts.length - 1], again) / together;
        for (int index = 1; index < cuts.length; index++) {
            bound = Math.max(bound, costs.costs().microBatchMicros(cuts[index - 1], cuts[index], again) / fastest);
        }
        return bound;
    }
}
