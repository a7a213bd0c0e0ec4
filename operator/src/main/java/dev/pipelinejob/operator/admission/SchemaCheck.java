package dev.pipelinejob.operator.admission;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/// Holds a value against a structural schema: fields, types, bounds, patterns, enums and the keys of list maps.
final class SchemaCheck {
    private final List<Finding> findings = new ArrayList<>();

    private SchemaCheck() {}

    /// All that is wrong with `value`, outermost first.
    static List<Finding> check(JsonNode schema, JsonNode value, String path) {
        SchemaCheck check = new SchemaCheck();
        check.visit(schema, value, path);
        return List.copyOf(check.findings);
    }

    private void visit(JsonNode schema, JsonNode value, String path) {
        if (schema.path("x-kubernetes-int-or-string").asBoolean()) {
            require(value.isIntegralNumber() || value.isTextual(), value, path, "a whole number or text");
            return;
        }
        switch (schema.path("type").asText()) {
            case "object" -> object(schema, value, path);
            case "array" -> list(schema, value, path);
            case "string" -> string(schema, value, path);
            case "integer" -> integer(schema, value, path);
            case "boolean" -> require(value.isBoolean(), value, path, "true or false");
            default -> throw new IllegalStateException("The definition has a type that is not handled at " + path);
        }
    }

    private boolean require(boolean holds, JsonNode value, String path, String expected) {
        if (!holds) {
            findings.add(Finding.blocking(path, "must be " + expected + ", and not " + Values.show(value)));
        }
        return holds;
    }

    private void object(JsonNode schema, JsonNode value, String path) {
        JsonNode members = schema.path("properties");
        if (!require(value.isObject(), value, path, Values.fields(members))) {
            return;
        }
        if (schema.has("additionalProperties")) {
            value.properties()
                    .forEach(entry -> visit(
                            schema.path("additionalProperties"), entry.getValue(), Values.join(path, entry.getKey())));
            return;
        }
        for (JsonNode required : schema.path("required")) {
            String name = required.asText();
            if (!value.has(name)) {
                String meaning =
                        Values.lowerFirst(members.path(name).path("description").asText());
                findings.add(Finding.blocking(Values.join(path, name), "is missing: add " + meaning));
            }
        }
        for (Map.Entry<String, JsonNode> member : value.properties()) {
            String name = member.getKey();
            String memberPath = Values.join(path, name);
            if (members.has(name)) {
                visit(members.path(name), member.getValue(), memberPath);
            } else {
                findings.add(Finding.blocking(
                        memberPath, "is not a field of this version: " + Values.advice(name, members)));
            }
        }
    }

    private void list(JsonNode schema, JsonNode value, String path) {
        if (!require(value.isArray(), value, path, "a list")) {
            return;
        }
        int least = schema.path("minItems").asInt(0);
        int most = schema.path("maxItems").asInt(Integer.MAX_VALUE);
        if (value.size() < least || value.size() > most) {
            String expected =
                    least == most ? "exactly " + least : value.size() < least ? least + " or more" : "at most " + most;
            findings.add(Finding.blocking(path, "must have " + expected + " items, and not " + value.size()));
            return;
        }
        for (int i = 0; i < value.size(); i++) {
            visit(schema.path("items"), value.path(i), path + "[" + i + "]");
        }
        uniqueKeys(schema.path("x-kubernetes-list-map-keys").path(0).asText(), value, path);
    }

    private void uniqueKeys(String key, JsonNode value, String path) {
        Map<JsonNode, Integer> seen = new HashMap<>();
        for (int i = 0; i < value.size() && !key.isEmpty(); i++) {
            JsonNode name = value.path(i).path(key);
            Integer first = seen.putIfAbsent(name, i);
            if (first != null && !name.isMissingNode()) {
                findings.add(Finding.blocking(
                        path + "[" + i + "]",
                        "must have a " + key + " of its own, and not " + Values.show(name) + " like item " + first));
            }
        }
    }

    private void string(JsonNode schema, JsonNode value, String path) {
        JsonNode allowed = schema.path("enum");
        if (!allowed.isMissingNode()) {
            boolean known = StreamSupport.stream(allowed.spliterator(), false).anyMatch(value::equals);
            require(known, value, path, Values.oneOf(allowed));
            return;
        }
        boolean decimal = !schema.path("pattern").isMissingNode();
        if (!require(
                value.isTextual(),
                value,
                path,
                value.isNumber() && decimal ? "text, with quotes around the number" : "text")) {
            return;
        }
        String text = value.asText();
        int length = text.codePointCount(0, text.length());
        int least = schema.path("minLength").asInt(0);
        int most = schema.path("maxLength").asInt(Integer.MAX_VALUE);
        if (length < least) {
            findings.add(Finding.harmless(path, "must not be empty"));
        } else if (length > most) {
            findings.add(Finding.blocking(path, "must have at most " + most + " characters, and not " + length));
        }
        pattern(schema, text, path);
    }

    /// Where a rule says the same in words, the rule speaks.
    private void pattern(JsonNode schema, String text, String path) {
        String pattern = schema.path("pattern").asText();
        boolean saidInWords = schema.has("x-kubernetes-validations");
        if (!pattern.isEmpty()
                && !saidInWords
                && !Pattern.compile(pattern).matcher(text).find()) {
            findings.add(Finding.harmless(path, "must match " + pattern + ", and not be \"" + text + "\""));
        }
    }

    private void integer(JsonNode schema, JsonNode value, String path) {
        if (!require(value.isIntegralNumber() && value.canConvertToLong(), value, path, "a whole number")) {
            return;
        }
        double least = schema.path("minimum").asDouble(Double.NEGATIVE_INFINITY);
        double most = schema.path("maximum").asDouble(Double.POSITIVE_INFINITY);
        if (value.asDouble() < least) {
            findings.add(Finding.harmless(path, "must be at least " + (long) least + ", and not " + value.asText()));
        } else if (value.asDouble() > most) {
            findings.add(Finding.harmless(path, "must be at most " + (long) most + ", and not " + value.asText()));
        }
    }
}
