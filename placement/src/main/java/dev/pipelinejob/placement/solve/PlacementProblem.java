package dev.pipelinejob.placement.solve;

import dev.pipelinejob.placement.graph.ModelGraph;
import dev.pipelinejob.placement.plan.Plan;
import dev.pipelinejob.placement.plan.ScheduleKind;
import dev.pipelinejob.placement.topology.Topology;
import org.jspecify.annotations.Nullable;

/// What to place, where, and within which limits.
///
/// @param graph a chain of layers
/// @param topology the free slots
/// @param microBatches micro-batches of one step
/// @param schedule the schedule, or null to let the planner choose
/// @param rematerialization whether stages may keep only their inputs
/// @param stages how many stages a plan may have
/// @param strategy what to look for
public record PlacementProblem(
        ModelGraph graph,
        Topology topology,
        int microBatches,
        @Nullable ScheduleKind schedule,
        Rematerialization rematerialization,
        StageLimits stages,
        Strategy strategy) {
    public PlacementProblem {
        if (!graph.isChain()) {
            throw new IllegalArgumentException(
                    "Graph " + graph.name() + " is not a chain: this planner places chains of layers only.");
        }
        if (microBatches < 1 || microBatches > Plan.MAX_MICRO_BATCHES) {
            throw new IllegalArgumentException("A step of " + microBatches + " micro-batches was asked for, but 1 to "
                    + Plan.MAX_MICRO_BATCHES + " are supported.");
        }
    }
}
