package dev.pipelinejob.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/// How stages are given to machines.
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Placement(
        @JsonPropertyDescription("The topology to plan on; absent: all machines are equally near to each other.")
        @Nullable
        TopologyRef topologyRef,

        @Default("Optimize")
        @JsonPropertyDescription("What the planner looks for: Optimize takes the shortest predicted step.")
        Strategy strategy,

        @Min(1)
        @Max(3600)
        @Default("5")
        @JsonPropertyDescription("The longest time that the planner may search; it then takes the best plan so far.")
        int timeLimitSeconds) {

    /// A topology by name.
    public record TopologyRef(
            @Required @Size(min = 1, max = 253) @JsonPropertyDescription("The name of an InterconnectTopology.")
            String name) {}

    /// What the planner looks for.
    public enum Strategy {
        @JsonProperty("Optimize")
        OPTIMIZE
    }
}
