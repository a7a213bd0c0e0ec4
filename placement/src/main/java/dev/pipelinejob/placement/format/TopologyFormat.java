package dev.pipelinejob.placement.format;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pipelinejob.placement.topology.Domain;
import dev.pipelinejob.placement.topology.Node;
import dev.pipelinejob.placement.topology.Slot;
import dev.pipelinejob.placement.topology.Topology;
import java.util.List;

/// `topology.json`: a domain has `children`, a slot has `memoryBytes`; a link without a rate limits nothing.
final class TopologyFormat {
    private TopologyFormat() {}

    static ObjectNode write(ObjectNode json, Topology topology) {
        return write(json, topology.root());
    }

    private static ObjectNode write(ObjectNode json, Node node) {
        json.put("name", node.name());
        switch (node) {
            case Slot slot -> {
                putRate(json, "portBytesPerSecond", slot.portBytesPerSecond());
                json.put("portLatencyMicros", slot.portLatencyMicros());
                json.put("memoryBytes", slot.memoryBytes());
                json.put("relativeSpeed", slot.relativeSpeed());
            }
            case Domain domain -> {
                json.put("level", domain.level());
                putRate(json, "uplinkBytesPerSecond", domain.uplinkBytesPerSecond());
                json.put("latencyMicros", domain.latencyMicros());
                if (domain.computeCores() > 0) {
                    json.put("computeCores", domain.computeCores());
                }
                ArrayNode children = json.putArray("children");
                domain.children().forEach(child -> write(children.addObject(), child));
            }
        }
        return json;
    }

    /// JSON has no infinity: a rate without a limit is left out.
    private static void putRate(ObjectNode json, String name, double bytesPerSecond) {
        if (bytesPerSecond < Double.POSITIVE_INFINITY) {
            json.put(name, bytesPerSecond);
        }
    }

    static Topology read(Fields json) {
        if (readNode(json) instanceof Domain root) {
            return new Topology(root);
        }
        throw new IllegalArgumentException("In the JSON, " + json.path() + " is a slot: the root has children.");
    }

    private static Node readNode(Fields json) {
        if (!json.has("children")) {
            return new Slot(
                    json.text("name"),
                    json.number("portBytesPerSecond", Double.POSITIVE_INFINITY),
                    json.number("portLatencyMicros", 0),
                    json.bytes("memoryBytes"),
                    json.number("relativeSpeed", 1));
        }
        List<Node> children =
                json.objects("children").stream().map(TopologyFormat::readNode).toList();
        return new Domain(
                json.text("name"),
                json.text("level"),
                json.number("uplinkBytesPerSecond", Double.POSITIVE_INFINITY),
                json.number("latencyMicros", 0),
                json.count("computeCores", 0),
                children);
    }
}
