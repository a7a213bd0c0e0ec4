package dev.pipelinejob.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/// What the model is trained on.
public record Data(
        @Required @JsonPropertyDescription("Text whose bytes are the tokens.")
        Text text) {

    /// Text whose bytes are the tokens.
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Text(
            @Required
            @Size(min = 1, max = 4096)
            @JsonPropertyDescription(
                    "A file, a folder or a zip file; a relative path starts at the source, or for run at"
                            + " the folder in which it is started.")
            String path,

            @Min(1)
            @JsonPropertyDescription("The most bytes that are read, in the order of names; absent: all.")
            @Nullable
            Long maxBytes,

            @JsonPropertyDescription(
                    "Where the text lies on a cluster; absent: path is absolute and in the worker's image. run reads"
                            + " path on its own machine instead and says so.")
            @Nullable
            Source source) {}

    /// Where the text lies on a cluster.
    @ValidationRule(
            value = "has(self.persistentVolumeClaim) != has(self.configMap)",
            message = "must hold exactly one of persistentVolumeClaim and configMap")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Source(
            @JsonPropertyDescription("A claim in the job's namespace; it is only read.")
            Volume.@Nullable Claim persistentVolumeClaim,

            @JsonPropertyDescription("A ConfigMap in the job's namespace, for small texts; its keys are files.")
            @Nullable
            ConfigMap configMap) {}

    /// A ConfigMap by name.
    public record ConfigMap(
            @Required @Size(min = 1, max = 253) @JsonPropertyDescription("The ConfigMap's name.")
            String name) {}
}
