package dev.pipelinejob.operator.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/// Fills in what a schema has defaults for, from the outside in, as the API server does.
final class Defaults {
    private Defaults() {}

    /// Changes `value` in place. A null counts as absent.
    static void fill(JsonNode schema, JsonNode value) {
        if (value instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> member : List.copyOf(object.properties())) {
                if (member.getValue().isNull()) {
                    object.remove(member.getKey());
                }
            }
            schema.path("properties").properties().forEach(member -> {
                JsonNode fallback = member.getValue().path("default");
                if (!object.has(member.getKey()) && !fallback.isMissingNode()) {
                    object.set(member.getKey(), fallback.deepCopy());
                }
                fill(member.getValue(), object.path(member.getKey()));
            });
        } else if (value instanceof ArrayNode list) {
            list.forEach(item -> fill(schema.path("items"), item));
        }
    }
}
