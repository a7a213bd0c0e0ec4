package dev.pipelinejob.operator.admission;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pipelinejob.api.DefinitionFiles;
import io.fabric8.kubernetes.client.utils.Serialization;

/// What a definition file says about one kind in its only version.
///
/// @param namespaced whether its resources live in namespaces
/// @param schema the schema of the whole resource, as in the file
record Definition(String kind, String apiVersion, boolean namespaced, JsonNode schema) {

    /// Reads a committed definition.
    ///
    /// @param file one of the names in {@link DefinitionFiles}
    static Definition read(String file) {
        JsonNode spec = Serialization.unmarshal(DefinitionFiles.read(file), JsonNode.class)
                .path("spec");
        JsonNode version = spec.path("versions").path(0);
        return new Definition(
                spec.path("names").path("kind").asText(),
                spec.path("group").asText() + "/" + version.path("name").asText(),
                "Namespaced".equals(spec.path("scope").asText()),
                version.path("schema").path("openAPIV3Schema"));
    }
}
