package dev.pipelinejob.placement.solve;

import dev.pipelinejob.placement.plan.Plan;
import dev.pipelinejob.placement.simulate.Simulation;
import java.util.Optional;

/// What came of a search.
///
/// The proved objective is the *bottleneck*: the time in which a plan can take in one micro-batch after the other,
/// the largest over its stages of forward plus backward, over its ports and uplinks of the bytes of one micro-batch
/// by capacity, and over its shared hosts of the work of one micro-batch by cores. `lowerBoundMicros` is a lower
/// bound of that, over all plans of the `boundKind` with the same number of stages, schedule and
/// re-materialization; `gapPercent` compares these two. The predicted step time is the simulator's and is not
/// proved: among the numbers of stages that were allowed, each with its best bottleneck, the planner takes the one
/// with the shortest simulated step. `stepLowerBoundMicros` (micro-batches times the least bottleneck of any
/// allowed number of stages) holds for every one of them.
public sealed interface Outcome {
    /// The plan, when there is one.
    default Optional<Found> found() {
        return switch (this) {
            case Optimal optimal -> Optional.of(optimal.result());
            case Feasible feasible -> Optional.of(feasible.result());
            case Infeasible _, OutOfTime _ -> Optional.empty();
        };
    }

    /// A plan and what is known about it.
    ///
    /// @param plan the plan
    /// @param simulation what the simulator predicts for it
    /// @param bottleneckMicros its bottleneck
    /// @param lowerBoundMicros no plan of the bound's kind with as many stages has a smaller bottleneck
    /// @param stepLowerBoundMicros no plan in leaf order with an allowed number of stages has a shorter step
    /// @param boundKind for which plans `lowerBoundMicros` holds
    /// @param work units of search work spent
    record Found(
            Plan plan,
            Simulation simulation,
            double bottleneckMicros,
            double lowerBoundMicros,
            double stepLowerBoundMicros,
            BoundKind boundKind,
            long work) {
        /// How far the bottleneck may be above the best one, in percent of itself.
        public double gapPercent() {
            return bottleneckMicros <= 0
                    ? 0
                    : Math.max(0, (bottleneckMicros - lowerBoundMicros) / bottleneckMicros * 100);
        }

        /// Predicted time of a step when steps follow each other.
        public double predictedStepMicros() {
            return simulation.steadyStepMicros();
        }
    }

    /// The bottleneck is proved to be the smallest.
    record Optimal(Found result) implements Outcome {}

    /// A legal plan, found before the limit, with a gap.
    record Feasible(Found result) implements Outcome {}

    /// No plan exists within the limits.
    ///
    /// @param reason one sentence: what does not fit, what it needs, what there is, and what would help
    /// @param stage the stage of the closest attempt that does not fit; -1 when memory is not the reason
    /// @param firstLayer first layer of that stage, else -1
    /// @param endLayer the layer behind its last, else -1
    /// @param neededBytes what that stage needs at its peak, else 0
    /// @param availableBytes what its slot has, else 0
    record Infeasible(String reason, int stage, int firstLayer, int endLayer, long neededBytes, long availableBytes)
            implements Outcome {}

    /// The limit came before any plan.
    ///
    /// @param work units of search work spent
    record OutOfTime(long work) implements Outcome {}
}
