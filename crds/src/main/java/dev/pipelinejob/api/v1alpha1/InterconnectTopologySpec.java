package dev.pipelinejob.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The levels of the interconnect from coarse to fine, and the kinds of device at its leaves.
public record InterconnectTopologySpec(
        @Size(max = 16)
        @Default("[]")
        @JsonPropertyDescription("The levels of the interconnect from coarse to fine; nodes with the same label"
                + " values down to a level share a domain of it.")
        List<Level> levels,

        @Required
        @Size(min = 1, max = 64)
        @JsonPropertyDescription("The kinds of device; a node takes the first one that fits it.")
        List<Device> devices) {
    public InterconnectTopologySpec {
        levels = List.copyOf(levels);
        devices = List.copyOf(devices);
    }

    /// One level of the tree, such as racks.
    public record Level(
            @Required
            @Size(min = 1, max = 63)
            @JsonPropertyDescription("The level's name in plans and messages, such as rack.")
            String name,

            @Required
            @Size(min = 1, max = 317)
            @JsonPropertyDescription(
                    "The label of the nodes whose value names the domain, such as" + " topology.kubernetes.io/zone.")
            String nodeLabel,

            @Required
            @Min(1)
            @JsonPropertyDescription(
                    "The capacity of one domain's link to its parent, in bytes a second in each" + " direction.")
            long uplinkBytesPerSecond,

            @Min(0)
            @Max(10_000_000)
            @Default("0")
            @JsonPropertyDescription("The time that a message needs to cross one domain's link, in microseconds.")
            int latencyMicros) {}

    /// One kind of device.
    @ValidationRule(
            value = "has(self.nodeLabel) == has(self.nodeLabelValue)",
            message = "must have both nodeLabel and nodeLabelValue, or neither to fit every node")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Device(
            @Required
            @Size(min = 1, max = 63)
            @JsonPropertyDescription("The kind's name in plans and messages, such as h100.")
            String name,

            @Size(min = 1, max = 317)
            @Default("cpu")
            @JsonPropertyDescription(
                    "The resource that a node counts these devices in; cpu stands for the processors of workers"
                            + " without an accelerator.")
            String resource,

            @Size(min = 1, max = 317)
            @JsonPropertyDescription(
                    "The label that tells nodes with this kind from others; absent: every node" + " with the resource.")
            @Nullable
            String nodeLabel,

            @Size(max = 63) @JsonPropertyDescription("The value of nodeLabel on nodes with this kind.") @Nullable
            String nodeLabelValue,

            @Required
            @Min(1)
            @JsonPropertyDescription("The capacity of one device's own port, in bytes a second in each direction.")
            long portBytesPerSecond,

            @Required
            @Min(1)
            @JsonPropertyDescription(
                    "The memory of one device, or of one worker on a processor, that training may fill, in bytes.")
            long memoryBytes,

            @Size(max = Decimals.MAX_LENGTH)
            @Pattern(Decimals.PATTERN)
            @ValidationRule(value = Decimals.POSITIVE, messageExpression = Decimals.POSITIVE_MESSAGE)
            @Default("1")
            @JsonPropertyDescription("The speed of one device compared with the others of this topology, as" + " text.")
            String relativeSpeed) {}
}
