package dev.pipelinejob.api.definitions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRule;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/// What the generator cannot say: list maps, the order of the columns, and objects whose members have defaults.
final class SchemaFinish {
    private static final List<String> COLUMNS =
            List.of("STATE", "LEVELS", "NODES", "READY", "STEP", "LOSS", "RESTARTS", "CKPT", "AGE");
    /// Lists that are maps, with the member that is the key.
    private static final Map<String, String> LIST_MAP_KEYS = Map.of(
            "conditions", "type",
            "workerPools", "name",
            "levels", "name",
            "devices", "name");
    private static final Map<String, String> SUMMARIES = Map.of(
            "PipelineJob", "Trains one model as a pipeline over several workers.",
            "InterconnectTopology", "Tells how machines are connected and what their devices can do.");

    private SchemaFinish() {}

    static CustomResourceDefinition finish(CustomResourceDefinition definition) {
        for (CustomResourceDefinitionVersion version : definition.getSpec().getVersions()) {
            List<CustomResourceColumnDefinition> columns = new ArrayList<>(version.getAdditionalPrinterColumns());
            columns.sort(Comparator.comparingInt(column -> COLUMNS.indexOf(column.getName())));
            version.setAdditionalPrinterColumns(columns);

            JSONSchemaProps root = version.getSchema().getOpenAPIV3Schema();
            root.setDescription(SUMMARIES.get(definition.getSpec().getNames().getKind()));
            root.setRequired(List.of("spec"));
            describe(root, "spec", "What is wanted.");
            describe(root, "status", "What is.");
            if (version.getSubresources() == null) {
                root.getProperties().remove("status");
            }
            finish(root);
        }
        return definition;
    }

    private static void describe(JSONSchemaProps parent, String member, String description) {
        parent.getProperties().computeIfPresent(member, (_, schema) -> {
            schema.setDescription(description);
            return schema;
        });
    }

    private static void finish(JSONSchemaProps schema) {
        withoutDoubledRules(schema);
        if (schema.getProperties() != null) {
            schema.getProperties().forEach((name, member) -> {
                String key = LIST_MAP_KEYS.get(name);
                if (key != null) {
                    member.setXKubernetesListType("map");
                    member.setXKubernetesListMapKeys(List.of(key));
                }
                if (PodTemplateSchema.isTemplate(member)) {
                    PodTemplateSchema.finish(member);
                } else {
                    finish(member);
                }
            });
        }
        if (schema.getItems() != null && schema.getItems().getSchema() != null) {
            finish(schema.getItems().getSchema());
        }
        withDefaultsOfMembers(schema);
    }

    /// The generator meets an annotation on a record's component twice, and server-side apply refuses doubled rules.
    private static void withoutDoubledRules(JSONSchemaProps schema) {
        List<ValidationRule> rules = schema.getXKubernetesValidations();
        if (rules != null) {
            schema.setXKubernetesValidations(List.copyOf(new LinkedHashSet<>(rules)));
        }
    }

    /// An object's default is what its members have as defaults, not the zeros that the generator finds in a record's
    /// numbers. In full, because the API server holds a default against the object's own rules before it fills it
    // in.
    private static void withDefaultsOfMembers(JSONSchemaProps schema) {
        JsonNode value = schema.getDefault();
        if (value instanceof ObjectNode object && schema.getProperties() != null) {
            schema.getProperties().forEach((name, member) -> {
                if (member.getDefault() != null) {
                    object.set(name, member.getDefault());
                }
            });
        }
    }
}
