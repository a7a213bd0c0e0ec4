package dev.pipelinejob.placement.partition.tree;

import dev.pipelinejob.placement.partition.IntLists;
import dev.pipelinejob.placement.partition.UnitGraph;
import java.util.Arrays;

/// Times of all devices and links, kept up to date while units move one at a time.
final class TreeTable {
    private final UnitGraph graph;
    private final Tensors tensors;
    private final TreeShape shape;
    private final IntLists tensorsOfUnit;
    private final int nodes;
    private final int[] leafOfUnit;
    /// The leaves below each node, as an interval of leaf numbers.
    private final int[] firstLeaf;

    private final int[] lastLeaf;
    /// What each node sends up, for a leaf also its work; and what it gets from above.
    private final double[] up;

    private final double[] down;
    private final double[] bytes;
    /// Pins of each tensor below each node.
    private final int[] pinsBelow;

    private double largest;

    TreeTable(UnitGraph graph, Tensors tensors, TreeShape shape) {
        this.graph = graph;
        this.tensors = tensors;
        this.shape = shape;
        this.tensorsOfUnit = tensors.pins().inverse(graph.units());
        this.nodes = shape.nodes();
        this.leafOfUnit = new int[graph.units()];
        this.firstLeaf = new int[nodes];
        this.lastLeaf = new int[nodes];
        this.up = new double[nodes];
        this.down = new double[nodes];
        this.bytes = new double[shape.leafCount()];
        this.pinsBelow = new int[Math.multiplyExact(tensors.count(), nodes)];
        Arrays.fill(firstLeaf, Integer.MAX_VALUE);
        for (int node = 0; node < nodes; node++) {
            if (shape.leafOfNode(node) >= 0) {
                firstLeaf[node] = shape.leafOfNode(node);
                lastLeaf[node] = shape.leafOfNode(node);
            }
            int parent = shape.parent(node);
            if (parent >= 0) {
                firstLeaf[parent] = Math.min(firstLeaf[parent], firstLeaf[node]);
                lastLeaf[parent] = Math.max(lastLeaf[parent], lastLeaf[node]);
            }
        }
    }

    /// Starts again from an assignment, free of what rounding gathered.
    void set(int[] assignment) {
        System.arraycopy(assignment, 0, leafOfUnit, 0, leafOfUnit.length);
        Arrays.fill(up, 0);
        Arrays.fill(down, 0);
        Arrays.fill(bytes, 0);
        Arrays.fill(pinsBelow, 0);
        for (int unit = 0; unit < leafOfUnit.length; unit++) {
            int leaf = leafOfUnit[unit];
            up[shape.nodeOfLeaf(leaf)] += graph.work(unit) / shape.leaf(leaf).relativeSpeed();
            bytes[leaf] += graph.bytes(unit);
        }
        IntLists pins = tensors.pins();
        for (int tensor = 0; tensor < tensors.count(); tensor++) {
            for (int pin = pins.from(tensor); pin < pins.end(tensor); pin++) {
                int node = shape.nodeOfLeaf(leafOfUnit[pins.item(pin)]);
                for (; node >= 0; node = shape.parent(node)) {
                    pinsBelow[tensor * nodes + node]++;
                }
            }
            for (int node = 0; node < shape.root(); node++) {
                charge(tensor, node, holds(node, leafOfUnit[tensors.source()[tensor]]), 1);
            }
        }
    }

    int leafOf(int unit) {
        return leafOfUnit[unit];
    }

    int[] copy() {
        return leafOfUnit.clone();
    }

    double bytesOn(int leaf) {
        return bytes[leaf];
    }

    /// The sum of the sixteenth powers of all loads and times, each as a part of the scale.
    double energy(double scale) {
        double sum = 0;
        double part = 1 / scale;
        largest = 0;
        for (int node = 0; node < shape.root(); node++) {
            if (shape.leafOfNode(node) >= 0) {
                double load = up[node] + down[node];
                largest = Math.max(largest, load);
                sum += sixteenth(load * part);
            } else {
                largest = Math.max(largest, Math.max(up[node], down[node]));
                sum += sixteenth(up[node] * part) + sixteenth(down[node] * part);
            }
        }
        return sum;
    }

    /// The largest load of a device, uplink or downlink when the energy was asked for last.
    double largest() {
        return largest;
    }

    private static double sixteenth(double number) {
        double square = number * number;
        double fourth = square * square;
        double eighth = fourth * fourth;
        return eighth * eighth;
    }

    void move(int unit, int to) {
        int from = leafOfUnit[unit];
        if (from == to) {
            return;
        }
        double work = graph.work(unit);
        up[shape.nodeOfLeaf(from)] -= work / shape.leaf(from).relativeSpeed();
        up[shape.nodeOfLeaf(to)] += work / shape.leaf(to).relativeSpeed();
        bytes[from] -= graph.bytes(unit);
        bytes[to] += graph.bytes(unit);
        leafOfUnit[unit] = to;
        for (int item = tensorsOfUnit.from(unit); item < tensorsOfUnit.end(unit); item++) {
            moveTensor(tensorsOfUnit.item(item), unit, from, to);
        }
    }

    /// Only nodes with one of the two leaves below them notice.
    private void moveTensor(int tensor, int unit, int from, int to) {
        int source = tensors.source()[tensor];
        int before = source == unit ? from : leafOfUnit[source];
        int after = leafOfUnit[source];
        for (int node = shape.nodeOfLeaf(from); !holds(node, to); node = shape.parent(node)) {
            charge(tensor, node, holds(node, before), -1);
            pinsBelow[tensor * nodes + node]--;
            charge(tensor, node, holds(node, after), 1);
        }
        for (int node = shape.nodeOfLeaf(to); !holds(node, from); node = shape.parent(node)) {
            charge(tensor, node, holds(node, before), -1);
            pinsBelow[tensor * nodes + node]++;
            charge(tensor, node, holds(node, after), 1);
        }
    }

    private boolean holds(int node, int leaf) {
        return firstLeaf[node] <= leaf && leaf <= lastLeaf[node];
    }

    private void charge(int tensor, int node, boolean fromBelow, int sign) {
        int below = pinsBelow[tensor * nodes + node];
        if (below > 0 && below < tensors.pins().size(tensor)) {
            double millis = sign * shape.typeOf(node).millis(tensors.bytes()[tensor], tensors.messages()[tensor]);
            if (fromBelow) {
                up[node] += millis;
            } else {
                down[node] += millis;
            }
        }
    }
}
