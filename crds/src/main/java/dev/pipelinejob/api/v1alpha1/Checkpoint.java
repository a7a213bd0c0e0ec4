package dev.pipelinejob.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import org.jspecify.annotations.Nullable;

/// When and where the state of the training is saved.
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Checkpoint(
        @JsonPropertyDescription(
                "Where checkpoints lie on a cluster; run keeps them in its own folder instead and says" + " so.")
        @Nullable
        Volume store,

        @Min(1)
        @Max(100_000_000)
        @Default("50")
        @JsonPropertyDescription("The number of steps from one checkpoint to the next; the last step is always saved.")
        int everySteps,

        @Min(1) @Max(1000) @Default("3") @JsonPropertyDescription("The number of newest checkpoints that are kept.")
        int keepLast,

        @Min(0)
        @Max(86_400)
        @Default("60")
        @JsonPropertyDescription(
                "The time that all workers have to write a checkpoint before one of them has to leave, or the job is"
                        + " suspended.")
        int graceSeconds) {}
