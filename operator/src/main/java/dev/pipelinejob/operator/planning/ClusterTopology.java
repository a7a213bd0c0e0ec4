package dev.pipelinejob.operator.planning;

import dev.pipelinejob.api.v1alpha1.InterconnectTopologySpec;
import dev.pipelinejob.api.v1alpha1.InterconnectTopologySpec.Device;
import dev.pipelinejob.api.v1alpha1.InterconnectTopologySpec.Level;
import dev.pipelinejob.api.v1alpha1.WorkerPool;
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
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A cluster's machines as the planner's tree: the levels of the topology by the nodes' labels, each machine below
/// them, and below it the slots that it has room for.
public final class ClusterTopology {
    private static final String NO_LABEL = "unlabelled";
    /// What a link carries that nobody described: 10 Gbit/s, as a usual network card does.
    private static final double USUAL_BYTES_PER_SECOND = 1.25e9;

    private static final double USUAL_LATENCY_MICROS = 50;

    private final InterconnectTopologySpec spec;
    private final SlotKind kind;

    private ClusterTopology(InterconnectTopologySpec spec, SlotKind kind) {
        this.spec = spec;
        this.kind = kind;
    }

    /// One machine of the cluster with room.
    ///
    /// @param name the node's name
    /// @param labels the node's labels
    /// @param slots how many slots have room on it
    /// @param memoryBytes the main memory that is there for each slot
    /// @param sharedCores the cores that all its slots share; 0 when each has its own
    public record Machine(String name, Map<String, String> labels, int slots, long memoryBytes, int sharedCores) {
        public Machine {
            labels = Map.copyOf(labels);
        }
    }

    /// What a slot of the job is.
    ///
    /// @param resource the resource by which nodes offer its devices; `cpu` when it has none
    /// @param devices how many devices it takes
    public record SlotKind(String resource, int devices) {
        public static final SlotKind CPU = new SlotKind("cpu", 1);

        /// The kind that a pool asks for.
        public static SlotKind of(WorkerPool pool) {
            WorkerPool.Accelerator accelerator = pool.accelerator();
            return accelerator == null ? CPU : new SlotKind(accelerator.resource(), accelerator.count());
        }
    }

    /// The tree, or null when no machine has a device of the topology.
    public static @Nullable Topology of(InterconnectTopologySpec spec, SlotKind kind, List<Machine> machines) {
        List<Node> children = new ClusterTopology(spec, kind).below(sorted(machines), 0, "");
        return children.isEmpty() ? null : new Topology(Domain.unlimited("cluster", "cluster", children));
    }

    /// The tree that stands for a cluster that nobody described: all machines equally near to each other. Null when
    /// there are none.
    public static @Nullable Topology flat(SlotKind kind, List<Machine> machines) {
        List<Node> children = new ArrayList<>();
        for (Machine machine : sorted(machines)) {
            long memoryBytes = kind.equals(SlotKind.CPU) ? machine.memoryBytes() : Long.MAX_VALUE;
            children.add(host(
                    machine,
                    number -> new Slot(
                            machine.name() + "/slot-" + number,
                            USUAL_BYTES_PER_SECOND,
                            USUAL_LATENCY_MICROS,
                            memoryBytes,
                            1)));
        }
        return children.isEmpty() ? null : new Topology(Domain.unlimited("cluster", "cluster", children));
    }

    /// The name of the machine that a slot is on.
    public static String machineOf(Slot slot) {
        return slot.name().substring(0, slot.name().indexOf('/'));
    }

    private static List<Machine> sorted(List<Machine> machines) {
        return machines.stream().sorted(Comparator.comparing(Machine::name)).toList();
    }

    private List<Node> below(List<Machine> machines, int depth, String path) {
        List<Node> nodes = new ArrayList<>();
        if (depth == spec.levels().size()) {
            for (Machine machine : machines) {
                Device device = deviceOf(machine);
                if (device != null) {
                    nodes.add(host(machine, number -> slot(machine, device, number)));
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

    private static Domain host(Machine machine, IntFunction<Slot> slot) {
        return new Domain(
                machine.name(),
                Topology.HOST_LEVEL,
                Double.POSITIVE_INFINITY,
                0,
                machine.sharedCores(),
                IntStream.range(0, machine.slots()).<Node>mapToObj(slot).toList());
    }

    /// A slot is a group of devices that work as one.
    private Slot slot(Machine machine, Device device, int number) {
        return new Slot(
                machine.name() + "/" + device.name() + "-" + number,
                device.portBytesPerSecond(),
                0,
                device.memoryBytes() * kind.devices(),
                Double.parseDouble(device.relativeSpeed()) * kind.devices());
    }

    private @Nullable Device deviceOf(Machine machine) {
        return deviceOf(spec, kind.resource(), machine.labels());
    }

    /// The kind of device that a node with these labels has of a resource; null when it has none of the topology.
    static @Nullable Device deviceOf(InterconnectTopologySpec spec, String resource, Map<String, String> labels) {
        return spec.devices().stream()
                .filter(device -> device.resource().equals(resource))
                .filter(device -> device.nodeLabel() == null
                        || labels.getOrDefault(device.nodeLabel(), "").equals(device.nodeLabelValue()))
                .findFirst()
                .orElse(null);
    }
}
