package dev.pipelinejob.placement.format;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/// The fields of one JSON object, with the path to it for messages.
///
/// @param path such as `graph.layers[3]`
/// @param node the object
record Fields(String path, JsonNode node) {
    Fields {
        if (!node.isObject()) {
            throw new IllegalArgumentException("In the JSON, " + path + " must be an object.");
        }
    }

    boolean has(String name) {
        return node.hasNonNull(name);
    }

    String text(String name) {
        JsonNode value = required(name, "a string");
        return expect(value.isTextual(), name, "a string", value).asText();
    }

    boolean flag(String name) {
        JsonNode value = required(name, "true or false");
        return expect(value.isBoolean(), name, "true or false", value).asBoolean();
    }

    int count(String name) {
        JsonNode value = required(name, "a whole number");
        return expect(value.canConvertToInt() && value.isIntegralNumber(), name, "a whole number", value)
                .asInt();
    }

    int count(String name, int otherwise) {
        return has(name) ? count(name) : otherwise;
    }

    long bytes(String name) {
        JsonNode value = required(name, "a whole number");
        return expect(value.canConvertToLong() && value.isIntegralNumber(), name, "a whole number", value)
                .asLong();
    }

    double number(String name) {
        JsonNode value = required(name, "a number");
        return expect(value.isNumber(), name, "a number", value).asDouble();
    }

    double number(String name, double otherwise) {
        return has(name) ? number(name) : otherwise;
    }

    List<Fields> objects(String name) {
        List<Fields> objects = new ArrayList<>();
        for (JsonNode element : list(name)) {
            objects.add(new Fields(path + "." + name + "[" + objects.size() + "]", element));
        }
        return objects;
    }

    List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        for (JsonNode element : list(name)) {
            texts.add(expect(element.isTextual(), name, "a list of strings", element)
                    .asText());
        }
        return texts;
    }

    private JsonNode list(String name) {
        JsonNode value = required(name, "a list");
        return expect(value.isArray(), name, "a list", value);
    }

    private JsonNode required(String name, String kind) {
        JsonNode value = node.get(name);
        if (value == null || value.isNull()) {
            throw new IllegalArgumentException("In the JSON, " + path + " has no " + name + ": give it " + kind + ".");
        }
        return value;
    }

    private JsonNode expect(boolean holds, String name, String kind, JsonNode value) {
        if (!holds) {
            throw new IllegalArgumentException(
                    "In the JSON, " + path + "." + name + " is " + value + ": it must be " + kind + ".");
        }
        return value;
    }
}
