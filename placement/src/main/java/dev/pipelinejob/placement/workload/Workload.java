package dev.pipelinejob.placement.workload;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/// An immutable graph of operators with costs, in milliseconds and bytes, and the devices it is meant for.
///
/// Nodes are numbered from 0 in the order of the file. Each node's output has one cost, whatever reads it. Nodes of
/// one colour class share a device. The whole graph is acyclic and no edge leads from a backward to a forward node.
public final class Workload {
    private final Devices devices;
    private final String[] ids;
    private final double[] acceleratorMillis;
    private final double[] cpuMillis;
    private final double[] bytes;
    private final double[] outputMillis;
    private final boolean[] supported;
    private final boolean[] backward;
    private final int[] colour;
    private final int colours;
    private final int[] successorStart;
    private final int[] successors;

    Workload(WorkloadBuilder from, Devices devices, int[] successorStart, int[] successors) {
        int nodes = from.nodes();
        this.devices = devices;
        this.ids = from.ids(nodes);
        this.acceleratorMillis = Arrays.copyOf(from.acceleratorMillis, nodes);
        this.cpuMillis = Arrays.copyOf(from.cpuMillis, nodes);
        this.bytes = Arrays.copyOf(from.bytes, nodes);
        this.outputMillis = Arrays.copyOf(from.outputMillis, nodes);
        this.supported = Arrays.copyOf(from.supported, nodes);
        this.backward = Arrays.copyOf(from.backward, nodes);
        this.colour = from.denseColours(nodes);
        this.colours = Arrays.stream(colour).max().orElse(-1) + 1;
        this.successorStart = successorStart;
        this.successors = successors;
    }

    private Workload(
            Workload other, Devices devices, double[] acceleratorMillis, double[] cpuMillis, double[] outputMillis) {
        this.devices = devices;
        this.ids = other.ids;
        this.acceleratorMillis = acceleratorMillis;
        this.cpuMillis = cpuMillis;
        this.bytes = other.bytes;
        this.outputMillis = outputMillis;
        this.supported = other.supported;
        this.backward = other.backward;
        this.colour = other.colour;
        this.colours = other.colours;
        this.successorStart = other.successorStart;
        this.successors = other.successors;
    }

    /// The same graph for other devices.
    public Workload on(Devices other) {
        return new Workload(this, other, acceleratorMillis, cpuMillis, outputMillis);
    }

    /// The same graph with another cost for every output.
    public Workload withOutputs(DoubleUnaryOperator cost) {
        return new Workload(
                this,
                devices,
                acceleratorMillis,
                cpuMillis,
                Arrays.stream(outputMillis).map(cost).toArray());
    }

    /// The same graph with other times on accelerators.
    public Workload withAcceleratorTimes(DoubleUnaryOperator millis) {
        return new Workload(
                this, devices, Arrays.stream(acceleratorMillis).map(millis).toArray(), cpuMillis, outputMillis);
    }

    /// The same graph with only the costs of its forward nodes, or only those of its backward nodes.
    public Workload onlyPhase(boolean backwardPhase) {
        double[] accelerator = acceleratorMillis.clone();
        double[] cpu = cpuMillis.clone();
        double[] output = outputMillis.clone();
        for (int node = 0; node < nodes(); node++) {
            if (backward[node] != backwardPhase) {
                accelerator[node] = 0;
                cpu[node] = 0;
                output[node] = 0;
            }
        }
        return new Workload(this, devices, accelerator, cpu, output);
    }

    public Devices devices() {
        return devices;
    }

    public int nodes() {
        return ids.length;
    }

    public int edges() {
        return successors.length;
    }

    /// The node's name in its file, as text.
    public String id(int node) {
        return ids[node];
    }

    public double acceleratorMillis(int node) {
        return acceleratorMillis[node];
    }

    public double cpuMillis(int node) {
        return cpuMillis[node];
    }

    public double bytes(int node) {
        return bytes[node];
    }

    /// Time to move the node's output between an accelerator and the host's memory.
    public double outputMillis(int node) {
        return outputMillis[node];
    }

    /// Whether an accelerator can run the node.
    public boolean supported(int node) {
        return supported[node];
    }

    public boolean backward(int node) {
        return backward[node];
    }

    /// The node's colour class, from 0 to [#colours()] (exclusive), numbered by first appearance.
    public int colour(int node) {
        return colour[node];
    }

    public int colours() {
        return colours;
    }

    /// How many different nodes read the node's output.
    public int successorCount(int node) {
        return successorStart[node + 1] - successorStart[node];
    }

    /// One of the nodes that read the node's output; ascending in `index`.
    public int successor(int node, int index) {
        return successors[successorStart[node] + index];
    }
}
