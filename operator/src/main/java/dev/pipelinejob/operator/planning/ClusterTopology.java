package dev.pipelinejob.operator.planning;

import dev.pipelinejob.api.v1alpha1.InterconnectTopologySpec;
import dev.pipelinejob.api.v1alpha1.InterconnectTopologySpec.Device;
import dev.pipelinejob.api.v1alpha1.InterconnectTopologySpec.Level;
import dev.pipelinejob.placement.topology.Domain;
import dev.pipelinejob.placement.topology.Node;
import dev.pipelinejob.placement.topology.Slot;
import dev.pipelinejob.placement.topology.Topology;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A cluster's machines as the planner's tree: the levels of the topology by the nodes' labels, each machine below
/// them, and the machine's devices as slots.
public final class ClusterTopology {
    private static final String WHOLE_NODE = "cpu";
    private static final String NO_LABEL = "unlabelled";

    private final InterconnectTopologySpec spec;

    private ClusterTopology(InterconnectTopologySpec spec) {
        this.spec = spec;
    }

    /// One machine of the cluster.
    ///
    /// @param name the node's name
    /// @param labels the node's labels
    /// @param allocatable how many whole units of each resource the node offers
    public record Machine(String name, Map<String, String> labels, Map<String, Long> allocatable) {
        public Machine {
            labels = Map.copyOf(labels);
            allocatable = Map.copyOf(allocatable);
        }
    }

    /// The tree, or null when no machine has a device of the topology.
    public static @Nullable Topology of(InterconnectTopologySpec spec, List<Machine> machines) {
        List<Machine> sorted =
                machines.stream().sorted(Comparator.comparing(Machine::name)).toList();
        List<Node> children = new ClusterTopology(spec).below(sorted, 0, "");
        return children.isEmpty() ? null : new Topology(Domain.unlimited("cluster", "cluster", children));
    }

    private List<Node> below(List<Machine> machines, int depth, String path) {
        List<Node> nodes = new ArrayList<>();
        if (depth == spec.levels().size()) {
            for (Machine machine : machines) {
                List<Slot> slots = slots(machine);
                if (!slots.isEmpty()) {
                    nodes.add(Domain.unlimited(machine.name(), Topology.HOST_LEVEL, slots));
                }
            }
            return nodes;
        }
        Level level = spec.levels().get(depth);
        SortedMap<String, List<Machine>> groups = new TreeMap<>();
        for (Machine machine : machines) {
            String value = machine.labels().getOrDefault(level.nodeLabel(), NO_LABEL);
            groups.computeIfAbsent(value, _ -> new ArrayList<>()).add(machine);
        }
        groups.forEach((value, members) -> {
            String name = path + level.name() + "=" + value;
            List<Node> children = below(members, depth + 1, name + "/");
            if (!children.isEmpty()) {
                nodes.add(new Domain(
                        name, level.name(), level.uplinkBytesPerSecond(), level.latencyMicros(), 0, children));
            }
        });
        return nodes;
    }

    private List<Slot> slots(Machine machine) {
        for (Device device : spec.devices()) {
            long count = count(machine, device);
            if (count > 0) {
                List<Slot> slots = new ArrayList<>();
                for (long number = 0; number < count; number++) {
                    slots.add(new Slot(
                            machine.name() + "/" + device.name() + "-" + number,
                            device.portBytesPerSecond(),
                            0,
                            device.memoryBytes(),
                            Double.parseDouble(device.relativeSpeed())));
                }
                return slots;
            }
        }
        return List.of();
    }

    private static long count(Machine machine, Device device) {
        String label = device.nodeLabel();
        if (label != null && !machine.labels().getOrDefault(label, "").equals(device.nodeLabelValue())) {
            return 0;
        }
        return device.resource().equals(WHOLE_NODE) ? 1 : machine.allocatable().getOrDefault(device.resource(), 0L);
    }
}
