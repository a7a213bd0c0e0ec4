package dev.pipelinejob.placement.partition;

import dev.pipelinejob.placement.workload.Workload;
import java.util.Arrays;

/// What a solver works on: units that share a device, the order between them, and nets that cost when cut.
///
/// The load of an accelerator with the set S of units is the sum of their work plus the cost of every net that meets S
/// and is not inside S. A net is a node's output: the unit of the node and the units of its readers. A CPU's load is
/// the sum of CPU work. Units are numbered in a topological order.
public final class UnitGraph {
    final Workload workload;
    final int[] unitOfNode;
    final int units;
    /// Accelerator work, forward and backward together.
    final double[] work;
    final double[] cpuWork;
    final double[] bytes;
    final boolean[] supported;
    final IntLists predecessors;
    final IntLists successors;
    final double[] netMillis;
    /// Units of each net, at least two.
    final IntLists pins;
    final IntLists netsOfUnit;

    UnitGraph(Workload workload, int[] unitOfNode, int units) {
        this.workload = workload;
        this.unitOfNode = unitOfNode;
        this.units = units;
        this.work = new double[units];
        this.cpuWork = new double[units];
        this.bytes = new double[units];
        this.supported = new boolean[units];
        Arrays.fill(supported, true);
        for (int node = 0; node < workload.nodes(); node++) {
            int unit = unitOfNode[node];
            work[unit] += workload.acceleratorMillis(node);
            cpuWork[unit] += workload.cpuMillis(node);
            bytes[unit] += workload.bytes(node);
            supported[unit] &= workload.supported(node);
        }
        this.successors = Precedence.between(workload, unitOfNode, units);
        this.predecessors = successors.inverse(units);
        Nets nets = Nets.of(workload, unitOfNode);
        this.netMillis = nets.millis();
        this.pins = nets.pins();
        this.netsOfUnit = pins.inverse(units);
    }

    /// The same units with other costs.
    public UnitGraph of(Workload other) {
        return new UnitGraph(other, unitOfNode, units);
    }

    public int units() {
        return units;
    }

    /// The unit of each node; not to be changed.
    public int[] unitOfNode() {
        return unitOfNode;
    }

    /// Accelerator work, forward and backward together.
    public double work(int unit) {
        return work[unit];
    }

    public double cpuWork(int unit) {
        return cpuWork[unit];
    }

    public double bytes(int unit) {
        return bytes[unit];
    }

    /// Whether an accelerator can run all of the unit.
    public boolean supported(int unit) {
        return supported[unit];
    }

    /// Units that must not come behind this one's device.
    public IntLists successors() {
        return successors;
    }

    public IntLists predecessors() {
        return predecessors;
    }

    /// Units of each net, at least two.
    public IntLists pins() {
        return pins;
    }

    public double netMillis(int net) {
        return netMillis[net];
    }

    public IntLists netsOfUnit() {
        return netsOfUnit;
    }

    /// Whether some unit has more than one class that computes. Classes are fused where shares must be contiguous, so
    /// bounds that go by whole units then hold for contiguous splits only.
    public boolean fusesClasses() {
        int[] classOfUnit = new int[units];
        Arrays.fill(classOfUnit, -1);
        for (int node = 0; node < unitOfNode.length; node++) {
            boolean idle =
                    workload.acceleratorMillis(node) == 0 && workload.cpuMillis(node) == 0 && workload.supported(node);
            int unit = unitOfNode[node];
            int colour = workload.colour(node);
            if (!idle && classOfUnit[unit] >= 0 && classOfUnit[unit] != colour) {
                return true;
            }
            classOfUnit[unit] = idle ? classOfUnit[unit] : colour;
        }
        return false;
    }

    /// The name of one of the unit's nodes, for people.
    public String nodeOf(int unit) {
        int node = 0;
        while (unitOfNode[node] != unit) {
            node++;
        }
        return workload.id(node);
    }

    public int nets() {
        return netMillis.length;
    }

    public int accelerators() {
        return workload.devices().accelerators();
    }

    public int cpus() {
        return workload.devices().cpus();
    }

    public double memoryBytes() {
        return workload.devices().memoryBytes();
    }

    public double totalBytes() {
        return Arrays.stream(bytes).sum();
    }

    /// Load of each device under an assignment of units; devices below [#accelerators()] are accelerators.
    public double[] loads(int[] deviceOfUnit) {
        int accelerators = accelerators();
        double[] loads = new double[accelerators + cpus()];
        for (int unit = 0; unit < units; unit++) {
            int device = deviceOfUnit[unit];
            loads[device] += device < accelerators ? work[unit] : cpuWork[unit];
        }
        int[] lastNet = new int[loads.length];
        Arrays.fill(lastNet, -1);
        for (int net = 0; net < nets(); net++) {
            int first = deviceOfUnit[pins.item(pins.from(net))];
            boolean cut = false;
            for (int pin = pins.from(net); pin < pins.end(net) && !cut; pin++) {
                cut = deviceOfUnit[pins.item(pin)] != first;
            }
            for (int pin = pins.from(net); pin < pins.end(net) && cut; pin++) {
                int device = deviceOfUnit[pins.item(pin)];
                if (device < accelerators && lastNet[device] != net) {
                    lastNet[device] = net;
                    loads[device] += netMillis[net];
                }
            }
        }
        return loads;
    }

    /// The largest load under an assignment of units.
    public double value(int[] deviceOfUnit) {
        return Arrays.stream(loads(deviceOfUnit)).max().orElse(0);
    }

    /// The assignment of units that follows from one of nodes that keeps units together.
    public int[] deviceOfUnit(int[] deviceOfNode) {
        int[] deviceOfUnit = new int[units];
        for (int node = 0; node < deviceOfNode.length; node++) {
            deviceOfUnit[unitOfNode[node]] = deviceOfNode[node];
        }
        return deviceOfUnit;
    }

    /// The assignment of nodes that follows from one of units.
    public int[] deviceOfNode(int[] deviceOfUnit) {
        return Arrays.stream(unitOfNode).map(unit -> deviceOfUnit[unit]).toArray();
    }
}
