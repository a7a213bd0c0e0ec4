package dev.pipelinejob.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
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
                    "Where the text lies on a cluster; run reads path on its own machine instead and" + " says so.")
            @Nullable
            Volume source) {}
}
