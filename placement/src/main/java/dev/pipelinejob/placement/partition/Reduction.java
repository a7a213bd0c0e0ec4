package dev.pipelinejob.placement.partition;

import dev.pipelinejob.placement.workload.Workload;
import java.util.Arrays;

/// Makes units of a workload: groups of nodes that share a device in some best contiguous split.
///
/// Colour classes share a device by demand. Classes on a cycle share one because the quotient must be acyclic. A unit
/// without work that touches one other unit only joins it: each of its nets contains the other as well, so that
/// moving it there makes no net meet one device more; its memory must be free or memory no limit.
public final class Reduction {
    private static final int MOST_ROUNDS = 64;

    /// Stands for a most number of pins where the order between units does not matter.
    private static final int EVERYWHERE = -1;

    private Reduction() {}

    public static UnitGraph reduce(Workload workload) {
        return reduce(workload, workload.devices().memoryBytes(), Integer.MAX_VALUE);
    }

    /// The same where it matters which device an output comes from: only a unit all of whose nets lie between it and
    /// its neighbour joins that neighbour, so that no output gets another origin.
    ///
    /// @param memoryBytes what any device holds at least
    public static UnitGraph reducePairs(Workload workload, double memoryBytes) {
        return reduce(workload, memoryBytes, 2);
    }

    /// The same for shares of any shape: only classes share a device by demand, an idle unit joins any unit that is a
    /// pin of each of its nets, and clusters become one unit. Units are numbered by what they are, in no
    /// topological order.
    public static UnitGraph reduceScattered(Workload workload) {
        int[] colourOfNode = new int[workload.nodes()];
        Arrays.setAll(colourOfNode, workload::colour);
        UnitGraph graph = new UnitGraph(workload, colourOfNode, workload.colours());
        for (int round = 0; round < MOST_ROUNDS; round++) {
            int[] joined = joinIdle(graph, workload.devices().memoryBytes(), EVERYWHERE);
            if (Arrays.stream(joined).max().orElse(-1) + 1 == graph.units) {
                joined = numbered(Clusters.of(graph));
            }
            int units = Arrays.stream(joined).max().orElse(-1) + 1;
            if (units == graph.units) {
                break;
            }
            int[] number = joined;
            int[] next =
                    Arrays.stream(graph.unitOfNode).map(unit -> number[unit]).toArray();
            graph = new UnitGraph(workload, next, units);
        }
        return CanonicalOrder.byFingerprint(graph);
    }

    private static UnitGraph reduce(Workload workload, double memoryBytes, int mostPins) {
        int[] colourOfNode = new int[workload.nodes()];
        Arrays.setAll(colourOfNode, workload::colour);
        IntLists between = Precedence.between(workload, colourOfNode, workload.colours());
        int[] component = Components.of(between);
        int components = Arrays.stream(component).max().orElse(-1) + 1;
        int[] unitOfNode = Arrays.stream(colourOfNode)
                .map(colour -> components - 1 - component[colour])
                .toArray();
        UnitGraph graph = new UnitGraph(workload, unitOfNode, components);
        for (int round = 0; round < MOST_ROUNDS; round++) {
            int[] joined = joinIdle(graph, memoryBytes, mostPins);
            int units = Arrays.stream(joined).max().orElse(-1) + 1;
            if (units == graph.units) {
                break;
            }
            int[] next =
                    Arrays.stream(graph.unitOfNode).map(unit -> joined[unit]).toArray();
            graph = new UnitGraph(workload, next, units);
        }
        return CanonicalOrder.numbered(graph);
    }

    /// New number of each unit after idle leaves joined their neighbours.
    private static int[] joinIdle(UnitGraph graph, double memoryBytes, int mostPins) {
        boolean roomy = graph.totalBytes() <= memoryBytes;
        int[] root = new int[graph.units];
        Arrays.setAll(root, unit -> unit);
        for (int unit = 0; unit < graph.units; unit++) {
            boolean idle = graph.work[unit] == 0 && graph.cpuWork[unit] == 0 && graph.supported[unit];
            if (idle && (roomy || graph.bytes[unit] == 0)) {
                int neighbour = mostPins == EVERYWHERE ? commonPin(graph, unit) : onlyNeighbour(graph, unit, mostPins);
                if (neighbour >= 0) {
                    root[find(root, unit)] = find(root, neighbour);
                }
            }
        }
        int[] group = new int[graph.units];
        Arrays.setAll(group, unit -> find(root, unit));
        return numbered(group);
    }

    /// Numbers groups by first appearance.
    private static int[] numbered(int[] groupOfUnit) {
        int[] number = new int[groupOfUnit.length];
        Arrays.fill(number, -1);
        int[] joined = new int[groupOfUnit.length];
        int units = 0;
        for (int unit = 0; unit < joined.length; unit++) {
            int group = groupOfUnit[unit];
            if (number[group] < 0) {
                number[group] = units++;
            }
            joined[unit] = number[group];
        }
        return joined;
    }

    private static int find(int[] root, int unit) {
        int top = unit;
        while (root[top] != top) {
            root[top] = root[root[top]];
            top = root[top];
        }
        return top;
    }

    /// A unit that is a pin of each of the unit's nets; -1 when there is none.
    private static int commonPin(UnitGraph graph, int unit) {
        IntLists nets = graph.netsOfUnit;
        if (nets.size(unit) == 0) {
            return -1;
        }
        int first = nets.item(nets.from(unit));
        for (int pin = graph.pins.from(first); pin < graph.pins.end(first); pin++) {
            int other = graph.pins.item(pin);
            boolean common = other != unit;
            for (int position = nets.from(unit) + 1; position < nets.end(unit) && common; position++) {
                int net = nets.item(position);
                common = Arrays.binarySearch(graph.pins.items(), graph.pins.from(net), graph.pins.end(net), other) >= 0;
            }
            if (common) {
                return other;
            }
        }
        return -1;
    }

    /// The unit that is the only one before or behind this one and a pin of each of its nets; -1 when there is none.
    private static int onlyNeighbour(UnitGraph graph, int unit, int mostPins) {
        int before = graph.predecessors.size(unit);
        int behind = graph.successors.size(unit);
        if (before + behind != 1) {
            return -1;
        }
        int neighbour = before == 1
                ? graph.predecessors.item(graph.predecessors.from(unit))
                : graph.successors.item(graph.successors.from(unit));
        IntLists nets = graph.netsOfUnit;
        for (int position = nets.from(unit); position < nets.end(unit); position++) {
            int net = nets.item(position);
            int found = Arrays.binarySearch(graph.pins.items(), graph.pins.from(net), graph.pins.end(net), neighbour);
            if (found < 0 || graph.pins.size(net) > mostPins) {
                return -1;
            }
        }
        return neighbour;
    }
}
