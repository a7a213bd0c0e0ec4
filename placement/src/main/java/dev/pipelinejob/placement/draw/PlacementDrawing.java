package dev.pipelinejob.placement.draw;

import dev.pipelinejob.placement.graph.ModelGraph;
import dev.pipelinejob.placement.plan.Plan;
import dev.pipelinejob.placement.simulate.Simulation;
import dev.pipelinejob.placement.topology.Topology;

/// The stages on the tree of machines, with the bytes that cross each link.
@SuppressWarnings("DoNotCallSuggester")
public final class PlacementDrawing {
    private PlacementDrawing() {}

    /// An SVG document.
    public static String svg(ModelGraph graph, Topology topology, Plan plan, Simulation simulation) {
        throw new UnsupportedOperationException("not built yet");
    }
}
