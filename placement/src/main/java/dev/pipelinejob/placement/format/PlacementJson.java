package dev.pipelinejob.placement.format;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.pipelinejob.placement.graph.ModelGraph;
import dev.pipelinejob.placement.plan.Plan;
import dev.pipelinejob.placement.topology.Topology;

/// Graphs, topologies and plans as JSON text; what is written can be read again.
///
/// Unreadable input is an [IllegalArgumentException] whose message is one sentence with the place.
public final class PlacementJson {
    private static final ObjectMapper MAPPER = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private PlacementJson() {}

    /// A `graph.json`.
    public static String writeGraph(ModelGraph graph) {
        return text(GraphFormat.write(MAPPER.createObjectNode(), graph));
    }

    /// Reads a `graph.json`.
    public static ModelGraph readGraph(String json) {
        return GraphFormat.read(fields("graph", json));
    }

    /// A `topology.json`.
    public static String writeTopology(Topology topology) {
        return text(TopologyFormat.write(MAPPER.createObjectNode(), topology));
    }

    /// Reads a `topology.json`.
    public static Topology readTopology(String json) {
        return TopologyFormat.read(fields("topology", json));
    }

    /// A `plan.json`.
    public static String writePlan(Plan plan) {
        return text(PlanFormat.write(MAPPER.createObjectNode(), plan));
    }

    /// Reads a `plan.json`.
    public static Plan readPlan(String json) {
        return PlanFormat.read(fields("plan", json));
    }

    private static String text(JsonNode node) {
        try {
            return MAPPER.writeValueAsString(node) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A tree of plain values cannot fail to become text.", e);
        }
    }

    private static Fields fields(String what, String json) {
        try {
            return new Fields(what, MAPPER.readTree(json));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "The " + what + " is not JSON: " + e.getOriginalMessage() + " (line "
                            + (e.getLocation() == null
                                    ? "unknown"
                                    : e.getLocation().getLineNr()) + ").",
                    e);
        }
    }
}
