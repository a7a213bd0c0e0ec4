package dev.pipelinejob.operator.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// What every resource has around its spec: apiVersion, kind and metadata.
final class Envelope {
    private static final List<String> TOP = List.of("apiVersion", "kind", "metadata", "spec");
    /// Metadata that people write.
    private static final Set<String> WRITTEN = Set.of("name", "labels", "annotations", "finalizers", "ownerReferences");
    /// Metadata that the API server adds, as in the output of `kubectl get --output yaml`.
    private static final Set<String> ADDED = Set.of(
            "uid",
            "resourceVersion",
            "generation",
            "generateName",
            "creationTimestamp",
            "deletionTimestamp",
            "deletionGracePeriodSeconds",
            "managedFields",
            "selfLink");
    private static final int MAX_NAME = 253;
    private static final String NAME = "[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*";

    private final Definition definition;
    private final List<Finding> findings = new ArrayList<>();

    private Envelope(Definition definition) {
        this.definition = definition;
    }

    /// All that is wrong around the spec of `resource`; drops its status, which is never the user's to set.
    static List<Finding> check(Definition definition, ObjectNode resource) {
        Envelope envelope = new Envelope(definition);
        resource.remove("status");
        envelope.exactly(resource, "apiVersion", definition.apiVersion());
        envelope.exactly(resource, "kind", definition.kind());
        if (envelope.findings.isEmpty()) {
            envelope.fields(resource);
            envelope.metadata(resource.path("metadata"));
        }
        return List.copyOf(envelope.findings);
    }

    private void exactly(ObjectNode resource, String field, String expected) {
        JsonNode value = resource.path(field);
        if (!expected.equals(value.asText())) {
            add(field, value.isMissingNode() ? "is missing: add " + field + ": " + expected : mustBe(expected, value));
        }
    }

    private static String mustBe(String expected, JsonNode value) {
        return "must be " + expected + ", and not " + Values.show(value);
    }

    private void add(String path, String text) {
        findings.add(Finding.blocking(path, text));
    }

    private void fields(ObjectNode resource) {
        resource.fieldNames().forEachRemaining(name -> {
            if (!TOP.contains(name)) {
                add(name, "is not a field of a resource: use " + String.join(", ", TOP));
            }
        });
    }

    private void metadata(JsonNode metadata) {
        if (!metadata.isObject()) {
            add(
                    "metadata",
                    metadata.isMissingNode() ? "is missing: add metadata with a name" : mustBe("an object", metadata));
            return;
        }
        metadata.fieldNames().forEachRemaining(name -> {
            if (!WRITTEN.contains(name)
                    && !ADDED.contains(name)
                    && !(name.equals("namespace") && definition.namespaced())) {
                add("metadata." + name, "is not a field of metadata: use name, namespace, labels or annotations");
            }
        });
        name(metadata, "name", true);
        name(metadata, "namespace", false);
        texts(metadata, "labels");
        texts(metadata, "annotations");
    }

    private void name(JsonNode metadata, String field, boolean required) {
        JsonNode value = metadata.path(field);
        String path = "metadata." + field;
        if (value.isMissingNode() || value.isNull()) {
            if (required) {
                add(path, "is missing: give the resource a name");
            }
        } else if (!value.isTextual()
                || value.asText().length() > MAX_NAME
                || !value.asText().matches(NAME)) {
            add(path, mustBe("lower-case letters, digits and hyphens", value));
        }
    }

    private void texts(JsonNode metadata, String field) {
        JsonNode texts = metadata.path(field);
        if (texts.isMissingNode() || texts.isNull()) {
            return;
        }
        if (!texts.isObject()) {
            add("metadata." + field, mustBe("an object", texts));
            return;
        }
        texts.properties().forEach(entry -> {
            if (!entry.getValue().isTextual()) {
                add("metadata." + field + "." + entry.getKey(), mustBe("text", entry.getValue()));
            }
        });
    }
}
