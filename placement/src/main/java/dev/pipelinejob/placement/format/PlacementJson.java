package dev.pipelinejob.placement.format;

import dev.pipelinejob.placement.graph.ModelGraph;
import dev.pipelinejob.placement.plan.Plan;
import dev.pipelinejob.placement.topology.Topology;

/// Graphs, topologies and plans as JSON text. Unreadable input is an [IllegalArgumentException] with one sentence.
@SuppressWarnings("DoNotCallSuggester")
public final class PlacementJson {
    private PlacementJson() {}

    public static String writeGraph(ModelGraph graph) {
        throw new UnsupportedOperationException("not built yet");
    }

    public static ModelGraph readGraph(String json) {
        throw new UnsupportedOperationException("not built yet");
    }

    public static String writeTopology(Topology topology) {
        throw new UnsupportedOperationException("not built yet");
    }

    public static Topology readTopology(String json) {
        throw new UnsupportedOperationException("not built yet");
    }

    public static String writePlan(Plan plan) {
        throw new UnsupportedOperationException("not built yet");
    }

    public static Plan readPlan(String json) {
        throw new UnsupportedOperationException("not built yet");
    }
}
