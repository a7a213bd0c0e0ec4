package dev.pipelinejob.placement.cost;

import dev.pipelinejob.placement.plan.Plan;
import dev.pipelinejob.placement.plan.ScheduleKind;
import dev.pipelinejob.placement.plan.Stage;

/// An upper bound of the memory that a worker needs at its peak, in closed form.
///
/// A stage keeps its static bytes, the held bytes of every micro-batch in flight, the inputs that its predecessor
/// may already have sent, and the gradients that its successor may already have sent; a worker adds these over its
/// stages, and one working set, since it computes one thing at a time. Buffers on their way out are not counted.
///
/// @param schedule how many micro-batches are in flight
/// @param microBatches micro-batches of one step
/// @param rematerialize whether only inputs are held
public record PeakMemory(ScheduleKind schedule, int microBatches, boolean rematerialize) {
    /// The rule of a plan.
    public static PeakMemory of(Plan plan) {
        return new PeakMemory(plan.schedule(), plan.microBatches(), plan.rematerialize());
    }

    /// Of a worker that holds one stage.
    ///
    /// @param stagesToEnd number of stages from this one, included, to the last
    public long stageBytes(StageCosts costs, int first, int end, int stagesToEnd) {
        return restingBytes(costs, first, end, stagesToEnd) + costs.workingBytes(first, end, rematerialize);
    }

    /// Of one worker of a plan.
    public long workerBytes(StageCosts costs, Plan plan, int rank) {
        long resting = 0;
        long working = 0;
        for (Stage stage : plan.stagesOf(rank)) {
            int stagesToEnd = plan.stages().size() - stage.index();
            resting += restingBytes(costs, stage.firstLayer(), stage.endLayer(), stagesToEnd);
            working = Math.max(working, costs.workingBytes(stage.firstLayer(), stage.endLayer(), rematerialize));
        }
        return resting + working;
    }

    private long restingBytes(StageCosts costs, int first, int end, int stagesToEnd) {
        int inFlight = schedule.maxInFlight(microBatches, stagesToEnd);
        int waitingInputs = schedule.maxInFlight(microBatches, stagesToEnd + 1) - inFlight;
        return costs.staticBytes(first, end)
                + inFlight * costs.heldBytes(first, end, rematerialize)
                + waitingInputs * costs.graph().cutBytes(first)
                + inFlight * costs.graph().cutBytes(end);
    }
}
