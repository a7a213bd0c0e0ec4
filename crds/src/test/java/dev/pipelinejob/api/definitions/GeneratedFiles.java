package dev.pipelinejob.api.definitions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Every committed file that is made from the records, with the text that it should have.
final class GeneratedFiles {
    /// The chart has copies, because a chart may hold only what lies in its own folder.
    private static final List<Path> DEFINITIONS = List.of(Path.of("yaml"), Path.of("../helm/pipelinejob/definitions"));

    private static final Path REFERENCE = Path.of("../docs/reference");
    private static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();

    private GeneratedFiles() {}

    /// Path, relative to this module, to text.
    static Map<Path, String> all() {
        Map<Path, String> files = new LinkedHashMap<>();
        for (CustomResourceDefinition definition : DefinitionGenerator.generate()) {
            String name = definition.getMetadata().getName();
            String text = yaml(definition);
            for (Path folder : DEFINITIONS) {
                files.put(folder.resolve(name + ".yaml"), text);
            }
            files.put(
                    REFERENCE.resolve(definition.getSpec().getNames().getSingular() + ".md"),
                    ReferencePage.of(definition));
        }
        return files;
    }

    private static String yaml(CustomResourceDefinition definition) {
        JsonNode tree = SERIALIZATION.convertValue(definition, JsonNode.class);
        wholeNumbers(tree);
        return "# Made from the records in crds/src/main/java; see GeneratedFilesTest.\n" + SERIALIZATION.asYaml(tree);
    }

    /// The model keeps bounds as doubles; people read 100000000 more easily than 1.0E8.
    private static void wholeNumbers(JsonNode node) {
        if (node instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> member : List.copyOf(object.properties())) {
                if (isWhole(member.getValue())) {
                    object.set(
                            member.getKey(), LongNode.valueOf(member.getValue().longValue()));
                }
            }
        }
        if (node instanceof ObjectNode || node instanceof ArrayNode) {
            node.forEach(GeneratedFiles::wholeNumbers);
        }
    }

    private static boolean isWhole(JsonNode value) {
        return value.isFloatingPointNumber() && value.doubleValue() == Math.rint(value.doubleValue());
    }
}
