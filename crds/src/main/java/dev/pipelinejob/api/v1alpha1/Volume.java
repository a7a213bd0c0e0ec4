package dev.pipelinejob.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/// A place for files on a cluster.
public record Volume(
        @Required @JsonPropertyDescription("A claim in the job's namespace.")
        Claim persistentVolumeClaim) {

    /// A claim by name.
    public record Claim(
            @Required @Size(min = 1, max = 253) @JsonPropertyDescription("The claim's name.")
            String claimName) {}
}
