package dev.pipelinejob.api.definitions;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// The reference page of one resource, made from its schema: one table row a field.
final class ReferencePage {
    private final StringBuilder page = new StringBuilder();

    private ReferencePage() {}

    static String of(CustomResourceDefinition definition) {
        ReferencePage reference = new ReferencePage();
        for (CustomResourceDefinitionVersion version : definition.getSpec().getVersions()) {
            reference.write(definition, version);
        }
        return reference.page.toString();
    }

    private void write(CustomResourceDefinition definition, CustomResourceDefinitionVersion version) {
        String kind = definition.getSpec().getNames().getKind();
        JSONSchemaProps root = version.getSchema().getOpenAPIV3Schema();
        line("# " + kind);
        line("");
        line("<!-- Made from the records in crds/src/main/java; see GeneratedFilesTest. -->");
        line("");
        line(root.getDescription());
        line("");
        line("`apiVersion: " + definition.getSpec().getGroup() + "/" + version.getName() + "`, `kind: " + kind + "`, "
                + ("Cluster".equals(definition.getSpec().getScope()) ? "one for the cluster" : "in a namespace") + ".");
        section("spec", root);
        section("status", root);
        wholeRules(root);
    }

    private void wholeRules(JSONSchemaProps root) {
        if (root.getXKubernetesValidations().isEmpty()) {
            return;
        }
        line("");
        line("## Rules of the whole resource");
        line("");
        for (ValidationRule rule : root.getXKubernetesValidations()) {
            line("* `" + rule.getRule() + "`");
        }
    }

    private void section(String member, JSONSchemaProps root) {
        JSONSchemaProps schema = root.getProperties().get(member);
        if (schema == null) {
            return;
        }
        line("");
        line("## " + member);
        line("");
        line("| field | type | default | what it is |");
        line("|---|---|---|---|");
        rows(member, schema);
        List<String> rules = new ArrayList<>();
        rules(member, schema, rules);
        if (!rules.isEmpty()) {
            line("");
            line("Rules over several fields, in [CEL](https://kubernetes.io/docs/reference/using-api/cel/):");
            line("");
            rules.forEach(this::line);
        }
    }

    private void rows(String path, JSONSchemaProps schema) {
        if (schema.getProperties() == null) {
            return;
        }
        schema.getProperties().forEach((name, member) -> {
            String memberPath = path + "." + name;
            boolean required = schema.getRequired().contains(name);
            line("| `" + memberPath + "` | " + type(member) + " | " + (required ? "required" : defaultOf(member))
                    + " | " + member.getDescription() + PodTemplateSchema.furtherReading(member) + " |");
            if (PodTemplateSchema.isTemplate(member)) {
                return;
            }
            rows(memberPath, member);
            if (member.getItems() != null && member.getItems().getSchema() != null) {
                rows(memberPath + "[]", member.getItems().getSchema());
            }
        });
    }

    private static String type(JSONSchemaProps schema) {
        if (!schema.getEnum().isEmpty()) {
            return schema.getEnum().stream()
                    .map(value -> "`" + value.asText() + "`")
                    .collect(Collectors.joining(", "));
        }
        if ("array".equals(schema.getType())) {
            return "list" + (schema.getMaxItems() == null ? "" : ", at most " + schema.getMaxItems());
        }
        String format = schema.getFormat() == null ? schema.getType() : schema.getFormat();
        return format + bounds(schema.getMinimum(), schema.getMaximum());
    }

    private static String bounds(Double minimum, Double maximum) {
        if (minimum == null) {
            return maximum == null ? "" : ", at most " + maximum.longValue();
        }
        return maximum == null
                ? ", at least " + minimum.longValue()
                : ", " + minimum.longValue() + " to " + maximum.longValue();
    }

    private static String defaultOf(JSONSchemaProps schema) {
        return schema.getDefault() == null || "object".equals(schema.getType()) ? "" : "`" + schema.getDefault() + "`";
    }

    private static void rules(String path, JSONSchemaProps schema, List<String> into) {
        if (schema.getXKubernetesValidations() != null) {
            for (ValidationRule rule : schema.getXKubernetesValidations()) {
                into.add("* `" + path + "`: `" + rule.getRule() + "`");
            }
        }
        if (schema.getProperties() != null) {
            for (Map.Entry<String, JSONSchemaProps> member :
                    schema.getProperties().entrySet()) {
                rules(path + "." + member.getKey(), member.getValue(), into);
            }
        }
        if (schema.getItems() != null && schema.getItems().getSchema() != null) {
            rules(path + "[]", schema.getItems().getSchema(), into);
        }
    }

    private void line(String text) {
        page.append(text).append('\n');
    }
}
