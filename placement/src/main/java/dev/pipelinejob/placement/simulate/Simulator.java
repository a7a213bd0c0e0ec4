package dev.pipelinejob.placement.simulate;

import dev.pipelinejob.placement.graph.ModelGraph;
import dev.pipelinejob.placement.plan.Plan;
import dev.pipelinejob.placement.schedule.Schedule;
import dev.pipelinejob.placement.topology.Topology;

/// Runs operation lists in simulated time.
///
/// Workers run their lists in order. A send takes no time of its worker: the message waits until every link on its
/// way is free, occupies each of them for its bytes by that link's capacity, and arrives after the narrowest link's
/// time and the latencies. A receive waits for its message. Workers that share the cores of a host and outnumber
/// them all slow down alike. Reading data, checkpoints and the processor time of messages are not simulated.
public final class Simulator {
    private static final int STEPS = 3;
    private static final long MAX_OPERATIONS = 4_000_000;

    private Simulator() {}

    /// Simulates a few steps of a legal plan; only one when the lists are very long.
    public static Simulation run(ModelGraph graph, Topology topology, Plan plan, Schedule schedule) {
        long operations = schedule.workers().stream()
                .mapToLong(worker -> worker.step().size())
                .sum();
        int steps = operations * STEPS <= MAX_OPERATIONS ? STEPS : 1;
        return new PipelineRun(graph, topology, plan, schedule, steps).simulate();
    }
}
