package dev.pipelinejob.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How the model is cut into stages, and in which order these work.
public record Pipeline(
        @Default("Auto")
        @JsonPropertyDescription(
                "The order of forward and backward passes; Auto takes the one with the shorter predicted"
                        + " step that fits into memory, and every choice gives the same losses.")
        Schedule schedule,

        @Default("{}") @JsonPropertyDescription("The cut into stages: found by the planner, or given by hand.")
        Stages stages,

        @Default("Auto")
        @JsonPropertyDescription(
                "Whether activations are computed again in the backward pass instead of kept; Auto does"
                        + " so only where memory would not do.")
        Rematerialization rematerialization) {

    /// The order of forward and backward passes.
    public enum Schedule {
        @JsonProperty("Auto")
        AUTO,
        @JsonProperty("GPipe")
        GPIPE,
        @JsonProperty("OneForwardOneBackward")
        ONE_FORWARD_ONE_BACKWARD
    }

    /// Whether activations are computed again instead of kept.
    public enum Rematerialization {
        @JsonProperty("Auto")
        AUTO,
        @JsonProperty("Always")
        ALWAYS,
        @JsonProperty("Never")
        NEVER
    }

    /// The cut: at most so many stages, or these.
    @ValidationRule(
            value = "!(has(self.max) && has(self.manual))",
            message = "must hold only one of max, with which the planner cuts, and manual, a cut by hand")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Stages(
            @Min(1)
            @Max(1024)
            @JsonPropertyDescription(
                    "The most stages that the planner may cut the model into; absent: as many as there" + " are slots.")
            @Nullable
            Integer max,

            @Size(min = 1, max = 1024)
            @JsonPropertyDescription("The stages by hand, in order, each on a worker of its own.")
            @Nullable
            List<ManualStage> manual) {
        public Stages {
            manual = manual == null ? null : List.copyOf(manual);
        }
    }

    /// A stage by hand.
    public record ManualStage(
            @Required
            @Min(1)
            @Max(1026)
            @JsonPropertyDescription(
                    "The number of consecutive layers of this stage; embedding and head count as one" + " layer each.")
            int layers) {}
}
