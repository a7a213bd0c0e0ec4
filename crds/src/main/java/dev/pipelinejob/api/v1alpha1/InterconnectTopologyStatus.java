package dev.pipelinejob.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.pipelinejob.api.v1alpha1.PipelineJobStatus.Condition;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the cluster's nodes are in the words of a topology; bounded by its limits, however many nodes there are.
@JsonInclude(JsonInclude.Include.NON_NULL)
public record InterconnectTopologyStatus(
        @JsonPropertyDescription("The generation of the spec that this status speaks of.") @Nullable
        Long observedGeneration,

        @Size(max = 2048)
        @JsonPropertyDescription("The domains of each level in short, such as 2 rack, 6 node; flat without levels.")
        @Nullable
        String shape,

        @Size(max = 32)
        @JsonPropertyDescription(
                "Nodes that carry the labels of all levels, of those that have a device of the topology, such as 5/6.")
        @Nullable
        String nodes,

        @Size(max = 16) @JsonPropertyDescription("What is true of the topology, one entry a type.") @Nullable
        List<Condition> conditions,

        @Size(max = 16) @JsonPropertyDescription("What nodes make of each level, as in the spec.") @Nullable
        List<LevelStatus> levels,

        @Size(max = 64) @JsonPropertyDescription("What nodes have of each kind of device, as in the spec.") @Nullable
        List<DeviceStatus> devices) {
    /// The most nodes that a list names; more are only counted.
    public static final int MAX_NAMES = 8;

    public InterconnectTopologyStatus {
        conditions = conditions == null ? null : List.copyOf(conditions);
        levels = levels == null ? null : List.copyOf(levels);
        devices = devices == null ? null : List.copyOf(devices);
    }

    /// What nodes make of one level.
    public record LevelStatus(
            @Required @Size(min = 1, max = 63) @JsonPropertyDescription("The level's name.")
            String name,

            @JsonPropertyDescription("Its domains among the nodes that carry the labels down to it.")
            int domains,

            @JsonPropertyDescription("Nodes with a device of the topology that lack the level's label.")
            int unlabelledNodes,

            @Size(max = MAX_NAMES) @JsonPropertyDescription("The first of these by name.")
            List<String> unlabelled) {
        public LevelStatus {
            unlabelled = unlabelled == null ? List.of() : List.copyOf(unlabelled);
        }
    }

    /// What nodes have of one kind of device.
    public record DeviceStatus(
            @Required @Size(min = 1, max = 63) @JsonPropertyDescription("The kind's name.")
            String name,

            @JsonPropertyDescription("Nodes that have it.") int nodes,

            @JsonPropertyDescription("How many of its resource they offer; of cpu, whole cores.")
            long count) {}
}
