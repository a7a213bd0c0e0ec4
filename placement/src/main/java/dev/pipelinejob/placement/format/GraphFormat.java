package dev.pipelinejob.placement.format;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pipelinejob.placement.graph.CostSource;
import dev.pipelinejob.placement.graph.Edge;
import dev.pipelinejob.placement.graph.Layer;
import dev.pipelinejob.placement.graph.ModelGraph;
import dev.pipelinejob.placement.graph.TiedParameter;
import java.util.List;

/// `graph.json`; without `edges` the layers are a chain.
final class GraphFormat {
    private static final String ESTIMATED = "Estimated";
    private static final String PROFILED = "Profiled";

    private GraphFormat() {}

    static ObjectNode write(ObjectNode json, ModelGraph graph) {
        json.put("name", graph.name());
        json.put("costSource", graph.costSource() == CostSource.PROFILED ? PROFILED : ESTIMATED);
        ArrayNode layers = json.putArray("layers");
        graph.layers().forEach(layer -> writeLayer(layers.addObject(), layer));
        if (!graph.isChain()) {
            ArrayNode edges = json.putArray("edges");
            graph.edges()
                    .forEach(edge -> edges.addObject().put("from", edge.from()).put("to", edge.to()));
        }
        return json;
    }

    private static void writeLayer(ObjectNode json, Layer layer) {
        json.put("name", layer.name());
        json.put("forwardMicros", layer.forwardMicros());
        json.put("backwardMicros", layer.backwardMicros());
        json.put("updateMicros", layer.updateMicros());
        json.put("parameterBytes", layer.parameterBytes());
        json.put("parameterTensors", layer.parameterTensors());
        json.put("activationBytes", layer.activationBytes());
        json.put("stashBytes", layer.stashBytes());
        json.put("workspaceBytes", layer.workspaceBytes());
        if (!layer.tied().isEmpty()) {
            ArrayNode tied = json.putArray("tied");
            layer.tied()
                    .forEach(use ->
                            tied.addObject().put("group", use.group()).put("parameterBytes", use.parameterBytes()));
        }
    }

    static ModelGraph read(Fields json) {
        List<Layer> layers =
                json.objects("layers").stream().map(GraphFormat::readLayer).toList();
        CostSource costSource =
                switch (json.text("costSource")) {
                    case ESTIMATED -> CostSource.ESTIMATED;
                    case PROFILED -> CostSource.PROFILED;
                    case String other ->
                        throw new IllegalArgumentException("In the JSON, " + json.path() + ".costSource is " + other
                                + ": it must be " + ESTIMATED + " or " + PROFILED + ".");
                };
        if (!json.has("edges")) {
            return ModelGraph.chain(json.text("name"), layers, costSource);
        }
        List<Edge> edges = json.objects("edges").stream()
                .map(edge -> new Edge(edge.count("from"), edge.count("to")))
                .toList();
        return new ModelGraph(json.text("name"), layers, edges, costSource);
    }

    private static Layer readLayer(Fields json) {
        List<TiedParameter> tied = json.has("tied")
                ? json.objects("tied").stream()
                        .map(use -> new TiedParameter(use.text("group"), use.bytes("parameterBytes")))
                        .toList()
                : List.of();
        return new Layer(
                json.text("name"),
                json.number("forwardMicros"),
                json.number("backwardMicros"),
                json.number("updateMicros", 0),
                json.bytes("parameterBytes"),
                json.count("parameterTensors", 0),
                json.bytes("activationBytes"),
                json.bytes("stashBytes"),
                json.has("workspaceBytes") ? json.bytes("workspaceBytes") : 0,
                tied);
    }
}
