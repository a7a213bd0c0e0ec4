package dev.pipelinejob.placement.schedule;

import dev.pipelinejob.placement.graph.ModelGraph;
import dev.pipelinejob.placement.plan.Plan;
import java.util.ArrayList;
import java.util.List;

/// Turns a plan into operation lists.
///
/// All schedules follow one rule: a stage runs its next forward while fewer micro-batches than its limit wait for
/// their backward, else its next backward; the limit is [Plan#maxInFlight]. GPipe's limit is all micro-batches,
/// OneForwardOneBackward's is the number of stages from this one to the last.
public final class ScheduleGenerator {
    /// Changes whenever the lists for an equal plan change, so that an attempt is never resumed with other lists.
    public static final int GENERATOR_VERSION = 1;

    private ScheduleGenerator() {}

    /// The lists of a legal plan; equal plans give equal lists. Time and memory are linear in their length.
    public static Schedule generate(ModelGraph graph, Plan plan) {
        List<List<Operation>> steps = new MicroBatchOrder(graph, plan).lists();
        StepTail tail = new StepTail(graph, plan);
        List<WorkerOperations> workers = new ArrayList<>();
        for (int rank = 0; rank < plan.slots().size(); rank++) {
            List<Operation> step = steps.get(rank);
            tail.append(rank, step);
            workers.add(new WorkerOperations(rank, step, tail.checkpoint(rank)));
        }
        return new Schedule(GENERATOR_VERSION, workers);
    }
}
