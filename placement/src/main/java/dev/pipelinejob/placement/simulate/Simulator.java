package dev.pipelinejob.placement.simulate;

import dev.pipelinejob.placement.graph.ModelGraph;
import dev.pipelinejob.placement.plan.Plan;
import dev.pipelinejob.placement.schedule.Schedule;
import dev.pipelinejob.placement.topology.Topology;

/// Runs operation lists in simulated time.
@SuppressWarnings("DoNotCallSuggester")
public final class Simulator {
    private Simulator() {}

    /// Simulates a few steps of a legal plan.
    public static Simulation run(ModelGraph graph, Topology topology, Plan plan, Schedule schedule) {
        throw new UnsupportedOperationException("not built yet");
    }
}
