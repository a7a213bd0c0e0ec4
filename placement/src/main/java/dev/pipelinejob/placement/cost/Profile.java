package dev.pipelinejob.placement.cost;

import dev.pipelinejob.placement.graph.CostSource;
import dev.pipelinejob.placement.graph.Layer;
import dev.pipelinejob.placement.graph.ModelGraph;
import java.util.ArrayList;
import java.util.List;

/// Turns an estimated graph into a profiled one.
public final class Profile {
    private Profile() {}

    /// Scales the layers of each measured stage so that their sum is what was measured.
    ///
    /// @param measured stages that together cover every layer exactly once, in order
    public static ModelGraph rescale(ModelGraph graph, List<MeasuredStage> measured) {
        StageCosts costs = new StageCosts(graph);
        List<Layer> layers = new ArrayList<>();
        for (MeasuredStage stage : measured) {
            int first = stage.firstLayer();
            int end = stage.endLayer();
            if (first != layers.size() || end <= first || end > graph.layers().size()) {
                throw new IllegalArgumentException("The measured stage of layers [" + first + ", " + end
                        + ") does not follow layer " + layers.size() + ": measured stages cover all layers in order.");
            }
            double forwardMicros = stage.forwardMicros() * stage.relativeSpeed();
            double backwardMicros = stage.backwardMicros() * stage.relativeSpeed();
            for (Layer layer : graph.layers().subList(first, end)) {
                layers.add(layer.withTimes(
                        share(layer.forwardMicros(), costs.forwardMicros(first, end), forwardMicros, end - first),
                        share(
                                layer.backwardMicros(),
                                costs.backwardMicros(first, end, false),
                                backwardMicros,
                                end - first)));
            }
        }
        if (layers.size() != graph.layers().size()) {
            throw new IllegalArgumentException("The measured stages end at layer " + layers.size()
                    + " but the model has " + graph.layers().size() + " layers.");
        }
        return new ModelGraph(graph.name(), layers, graph.edges(), CostSource.PROFILED);
    }

    /// Where nothing was estimated there is no proportion: all layers of the stage get the same.
    private static double share(double part, double whole, double measured, int layerCount) {
        return whole > 0 ? part / whole * measured : measured / layerCount;
    }
}
