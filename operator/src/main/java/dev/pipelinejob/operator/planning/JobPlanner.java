package dev.pipelinejob.operator.planning;

import dev.pipelinejob.api.v1alpha1.Pipeline;
import dev.pipelinejob.api.v1alpha1.PipelineJobSpec;
import dev.pipelinejob.operator.lifecycle.PlanReference;
import dev.pipelinejob.placement.cost.MeasuredStage;
import dev.pipelinejob.placement.cost.Profile;
import dev.pipelinejob.placement.graph.CostSource;
import dev.pipelinejob.placement.graph.ModelGraph;
import dev.pipelinejob.placement.plan.Plan;
import dev.pipelinejob.placement.plan.ScheduleKind;
import dev.pipelinejob.placement.plan.Stage;
import dev.pipelinejob.placement.schedule.ScheduleGenerator;
import dev.pipelinejob.placement.simulate.Crossing;
import dev.pipelinejob.placement.simulate.Simulation;
import dev.pipelinejob.placement.simulate.Simulator;
import dev.pipelinejob.placement.solve.Outcome;
import dev.pipelinejob.placement.solve.PlacementProblem;
import dev.pipelinejob.placement.solve.Planner;
import dev.pipelinejob.placement.solve.Rematerialization;
import dev.pipelinejob.placement.solve.SearchLimit;
import dev.pipelinejob.placement.solve.StageLimits;
import dev.pipelinejob.placement.solve.Strategy;
import dev.pipelinejob.placement.topology.Slot;
import dev.pipelinejob.placement.topology.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Plans a job, first with estimated costs and later with measured ones. Slow: call it off the thread that decides.
public final class JobPlanner {
    /// A new plan replaces a good one only when it promises to be faster by more than this part.
    static final double WORTHWHILE_GAIN = 0.05;

    private final LongSupplier nanoClock;

    /// @param nanoClock a monotonic clock such as `System::nanoTime`
    public JobPlanner(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /// The first plan, with estimated costs, on as many of the slots as it likes.
    ///
    /// @param spec the job
    /// @param topology the free slots; a slot's number is its place in them
    public PlanningOutcome plan(PipelineJobSpec spec, Topology topology) {
        return plan(spec, topology, topology.slots().size());
    }

    /// The first plan, with estimated costs.
    ///
    /// @param spec the job
    /// @param topology the free slots; a slot's number is its place in them
    /// @param ranks how many of them it should take at most, so that spares have room too; it takes more when no
    ///     plan does with so few
    public PlanningOutcome plan(PipelineJobSpec spec, Topology topology, int ranks) {
        return solve(spec, topology, ModelCosts.estimated(spec), ranks);
    }

    /// Another plan, with what is known of the costs by now. It is the same one, with its prediction renewed, unless
    /// another promises a gain of more than 5 %, the slots of this one are not all there any more, or the job was
    /// changed to want another.
    ///
    /// @param current the plan so far
    /// @param measured one entry for each of its stages; empty: nothing new was measured
    /// @param topology the slots that there are now
    /// @param ranks how many of them it should take at most, as for the first
    public PlanningOutcome replan(
            PipelineJobSpec spec,
            PlanningOutcome.Planned current,
            List<StageMeasurement> measured,
            Topology topology,
            int ranks) {
        ModelGraph graph = measured.isEmpty()
                ? current.graph()
                : Profile.rescale(current.graph(), measuredStages(current, measured));
        boolean stands = isAllowed(spec.pipeline(), current.plan())
                && current.plan().slots().stream().allMatch(topology::hasSlot);
        PlanningOutcome other = solve(spec, topology, graph, ranks);
        if (!stands) {
            return other;
        }
        PlanningOutcome.Planned kept = renewed(current, graph, topology);
        return switch (other) {
            case PlanningOutcome.Infeasible _ -> kept;
            case PlanningOutcome.Planned found ->
                found.figures().predictedStepMicros() < kept.figures().predictedStepMicros() * (1 - WORTHWHILE_GAIN)
                        ? found
                        : kept;
        };
    }

    /// Whether the user's present wishes allow a plan that was made for earlier ones.
    private static boolean isAllowed(Pipeline wanted, Plan plan) {
        ScheduleKind schedule = schedule(wanted);
        boolean rematerializes =
                switch (wanted.rematerialization()) {
                    case AUTO -> true;
                    case ALWAYS -> plan.rematerialize();
                    case NEVER -> !plan.rematerialize();
                };
        List<Pipeline.ManualStage> manual = wanted.stages().manual();
        Integer max = wanted.stages().max();
        boolean cut = manual == null
                ? max == null || plan.stages().size() <= max
                : plan.stages().stream().map(Stage::endLayer).toList().equals(endLayers(manual));
        return cut && rematerializes && (schedule == null || schedule == plan.schedule());
    }

    private static PlanningOutcome.Planned renewed(
            PlanningOutcome.Planned current, ModelGraph graph, Topology topology) {
        Plan plan = current.plan();
        Simulation simulation = Simulator.run(graph, topology, plan, ScheduleGenerator.generate(graph, plan));
        PlanFigures old = current.figures();
        PlanFigures figures = new PlanFigures(
                simulation.steadyStepMicros(),
                old.lowerBoundMicros(),
                old.gapPercent(),
                old.boundKind(),
                graph.costSource() == CostSource.PROFILED,
                old.solveMillis(),
                Crossing.of(topology, plan.slots(), simulation.bytesPerStep()));
        return new PlanningOutcome.Planned(
                current.reference(), current.executable(), plan, graph, topology, simulation, figures);
    }

    private static List<MeasuredStage> measuredStages(
            PlanningOutcome.Planned current, List<StageMeasurement> measured) {
        List<MeasuredStage> stages = new ArrayList<>();
        for (Stage stage : current.plan().stages()) {
            StageMeasurement measurement = measured.stream()
                    .filter(each -> each.stage() == stage.index())
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "Stage " + stage.index() + " was not measured: wait until every stage has been."));
            long rerun = current.plan().rematerialize() ? measurement.forwardMicros() : 0;
            stages.add(new MeasuredStage(
                    stage.firstLayer(),
                    stage.endLayer(),
                    measurement.forwardMicros(),
                    Math.max(0, measurement.backwardMicros() - rerun),
                    current.topology()
                            .slot(current.plan().slots().get(stage.rank()))
                            .relativeSpeed()));
        }
        return stages;
    }

    /// Spares must not hold a job back: when it fits nowhere beside them, it may have their room too.
    private PlanningOutcome solve(PipelineJobSpec spec, Topology topology, ModelGraph graph, int ranks) {
        PlanningOutcome found = search(spec, topology, graph, ranks);
        int all = topology.slots().size();
        return found instanceof PlanningOutcome.Infeasible && ranks < all ? search(spec, topology, graph, all) : found;
    }

    private PlanningOutcome search(PipelineJobSpec spec, Topology topology, ModelGraph graph, int ranks) {
        long start = nanoClock.getAsLong();
        int seconds = spec.placement().timeLimitSeconds();
        Outcome outcome = Planner.solve(problem(spec, topology, graph, ranks), SearchLimit.seconds(seconds, nanoClock));
        long solveMillis = (nanoClock.getAsLong() - start) / 1_000_000;
        return switch (outcome) {
            case Outcome.Optimal(Outcome.Found found) -> planned(found, topology, graph, solveMillis);
            case Outcome.Feasible(Outcome.Found found) -> planned(found, topology, graph, solveMillis);
            case Outcome.Infeasible infeasible -> new PlanningOutcome.Infeasible(infeasible.reason());
            case Outcome.OutOfTime _ ->
                new PlanningOutcome.Infeasible(
                        "No plan was found within %d s: raise spec.placement.timeLimitSeconds.".formatted(seconds));
        };
    }

    private static PlacementProblem problem(PipelineJobSpec spec, Topology topology, ModelGraph graph, int ranks) {
        Pipeline pipeline = spec.pipeline();
        Rematerialization rematerialization =
                switch (pipeline.rematerialization()) {
                    case AUTO -> Rematerialization.AUTO;
                    case ALWAYS -> Rematerialization.ALWAYS;
                    case NEVER -> Rematerialization.NEVER;
                };
        List<Pipeline.ManualStage> manual = pipeline.stages().manual();
        Integer max = pipeline.stages().max();
        int most = Math.min(Math.min(graph.layers().size(), ranks), max != null ? max : ranks);
        StageLimits limits = manual != null ? StageLimits.exactly(manual.size()) : StageLimits.atMost(most);
        Strategy strategy = manual != null ? new Strategy.Manual(endLayers(manual)) : new Strategy.Optimize();
        return new PlacementProblem(
                graph,
                topology,
                spec.training().microBatches(),
                schedule(pipeline),
                rematerialization,
                limits,
                strategy);
    }

    /// Null when the planner may choose.
    private static @Nullable ScheduleKind schedule(Pipeline pipeline) {
        return switch (pipeline.schedule()) {
            case AUTO -> null;
            case GPIPE -> ScheduleKind.GPIPE;
            case ONE_FORWARD_ONE_BACKWARD -> ScheduleKind.ONE_FORWARD_ONE_BACKWARD;
        };
    }

    private static List<Integer> endLayers(List<Pipeline.ManualStage> manual) {
        List<Integer> ends = new ArrayList<>();
        int end = 0;
        for (Pipeline.ManualStage stage : manual) {
            end += stage.layers();
            ends.add(end);
        }
        return ends;
    }

    private static PlanningOutcome planned(Outcome.Found found, Topology topology, ModelGraph graph, long solveMillis) {
        ExecutablePlan executable = PlanTranslation.executable(graph, found.plan());
        PlanFigures figures = new PlanFigures(
                found.predictedStepMicros(),
                found.stepLowerBoundMicros(),
                found.gapPercent(),
                found.boundKind().word(),
                graph.costSource() == CostSource.PROFILED,
                solveMillis,
                Crossing.of(topology, found.plan().slots(), found.simulation().bytesPerStep()));
        List<String> names = topology.slots().stream().map(Slot::name).toList();
        List<Integer> slots = found.plan().slots().stream().map(names::indexOf).toList();
        return new PlanningOutcome.Planned(
                new PlanReference(executable.digest(), slots),
                executable,
                found.plan(),
                graph,
                topology,
                found.simulation(),
                figures);
    }
}
