package dev.pipelinejob.placement.partition.tree;

import dev.pipelinejob.placement.partition.IntLists;
import dev.pipelinejob.placement.partition.UnitGraph;
import java.util.Arrays;

/// Times of all devices and links under an assignment of units to leaves.
final class TreeLoads {
    private final UnitGraph graph;
    private final Tensors tensors;
    private final TreeShape shape;
    private final double[] up;
    private final double[] down;
    private final int[] touched;
    private final int[] leavesBelow;
    private final int[] stamp;

    TreeLoads(UnitGraph graph, Tensors tensors, TreeShape shape) {
        this.graph = graph;
        this.tensors = tensors;
        this.shape = shape;
        this.up = new double[shape.nodes()];
        this.down = new double[shape.nodes()];
        this.touched = new int[shape.nodes()];
        this.leavesBelow = new int[shape.nodes()];
        this.stamp = new int[shape.nodes()];
    }

    /// The largest load of a device, uplink or downlink.
    double value(int[] leafOfUnit) {
        add(leafOfUnit);
        double largest = 0;
        for (int node = 0; node < shape.root(); node++) {
            largest = Math.max(largest, load(node));
        }
        return largest;
    }

    /// The domain whose link takes the longest, when that is longer than the limit; -1 when none is.
    int crowdedDomain(int[] leafOfUnit, double limit) {
        add(leafOfUnit);
        int crowded = -1;
        double most = limit;
        for (int node = 0; node < shape.root(); node++) {
            if (shape.leafOfNode(node) < 0 && load(node) > most) {
                crowded = node;
                most = load(node);
            }
        }
        return crowded;
    }

    private double load(int node) {
        return shape.leafOfNode(node) >= 0 ? up[node] + down[node] : Math.max(up[node], down[node]);
    }

    private void add(int[] leafOfUnit) {
        Arrays.fill(up, 0);
        Arrays.fill(down, 0);
        Arrays.fill(stamp, -1);
        for (int unit = 0; unit < graph.units(); unit++) {
            int leaf = leafOfUnit[unit];
            up[shape.nodeOfLeaf(leaf)] += graph.work(unit) / shape.leaf(leaf).relativeSpeed();
        }
        for (int tensor = 0; tensor < tensors.count(); tensor++) {
            charge(tensor, leafOfUnit);
        }
    }

    private void charge(int tensor, int[] leafOfUnit) {
        IntLists pins = tensors.pins();
        int count = 0;
        int leaves = 0;
        for (int pin = pins.from(tensor); pin < pins.end(tensor); pin++) {
            int node = shape.nodeOfLeaf(leafOfUnit[pins.item(pin)]);
            boolean isNew = stamp[node] != tensor;
            leaves += isNew ? 1 : 0;
            for (; isNew && node >= 0; node = shape.parent(node)) {
                if (stamp[node] != tensor) {
                    stamp[node] = tensor;
                    leavesBelow[node] = 0;
                    touched[count++] = node;
                }
                leavesBelow[node]++;
            }
        }
        if (leaves == 1) {
            return;
        }
        for (int index = 0; index < count; index++) {
            int node = touched[index];
            if (leavesBelow[node] < leaves) {
                down[node] += shape.typeOf(node).millis(tensors.bytes()[tensor], tensors.messages()[tensor]);
            }
        }
        int node = shape.nodeOfLeaf(leafOfUnit[tensors.source()[tensor]]);
        for (; node >= 0 && leavesBelow[node] < leaves; node = shape.parent(node)) {
            double millis = shape.typeOf(node).millis(tensors.bytes()[tensor], tensors.messages()[tensor]);
            down[node] -= millis;
            up[node] += millis;
        }
    }
}
