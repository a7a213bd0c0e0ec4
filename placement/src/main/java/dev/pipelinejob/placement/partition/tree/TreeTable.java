package dev.pipelinejob.placement.partition.tree;

import dev.pipelinejob.placement.partition.IntLists;
import dev.pipelinejob.placement.partition.UnitGraph;
import java.util.Arrays;

/// Times of all devices and links, and how uneven they are, kept up to date while units move one at a time.
///
/// A move is tried first: only nodes above one of the two leaves and not above the other notice it. It is taken only
/// when the answer pleases.
final class TreeTable {
    private final UnitGraph graph;
    private final Tensors tensors;
    private final IntLists tensorsOfUnit;
    private final int nodes;
    private final int root;
    private final int[] parent;
    private final int[] nodeOfLeaf;
    private final boolean[] isLeaf;
    private final double[] millisPerByte;
    private final double[] latencyMillis;
    private final double[] speed;
    /// The leaves below each node, as an interval of leaf numbers.
    private final int[] firstLeaf;

    private final int[] lastLeaf;
    private final int[] leafOfUnit;
    /// What each node sends up, for a leaf also its work; and what it gets from above.
    private final double[] up;

    private final double[] down;
    private final double[] bytes;
    /// Pins of each tensor below each node.
    private final int[] pinsBelow;

    /// What each node adds to the energy.
    private final double[] term;

    private double part = 1;
    private double energy;

    /// The move that was tried last: the unit, where to, the nodes that notice, from those it leaves on.
    private int unit;

    private int target;
    private int touched;
    private int left;
    private final int[] node;
    private final double[] upChange;
    private final double[] downChange;
    private double energyAfter;

    TreeTable(UnitGraph graph, Tensors tensors, TreeShape shape) {
        this.graph = graph;
        this.tensors = tensors;
        this.tensorsOfUnit = tensors.pins().inverse(graph.units());
        this.nodes = shape.nodes();
        this.root = shape.root();
        this.parent = new int[nodes];
        this.isLeaf = new boolean[nodes];
        this.millisPerByte = new double[nodes];
        this.latencyMillis = new double[nodes];
        this.speed = new double[nodes];
        this.firstLeaf = new int[nodes];
        this.lastLeaf = new int[nodes];
        this.nodeOfLeaf = new int[shape.leafCount()];
        this.leafOfUnit = new int[graph.units()];
        this.up = new double[nodes];
        this.down = new double[nodes];
        this.term = new double[nodes];
        this.bytes = new double[shape.leafCount()];
        this.pinsBelow = new int[Math.multiplyExact(tensors.count(), nodes)];
        this.node = new int[nodes];
        this.upChange = new double[nodes];
        this.downChange = new double[nodes];
        Arrays.fill(firstLeaf, Integer.MAX_VALUE);
        copy(shape);
    }

    private void copy(TreeShape shape) {
        for (int number = 0; number < nodes; number++) {
            int leaf = shape.leafOfNode(number);
            parent[number] = shape.parent(number);
            isLeaf[number] = leaf >= 0;
            millisPerByte[number] = shape.typeOf(number).millisPerByte();
            latencyMillis[number] = shape.typeOf(number).latencyMillis();
            speed[number] = shape.typeOf(number).speed();
            if (leaf >= 0) {
                nodeOfLeaf[leaf] = number;
                firstLeaf[number] = leaf;
                lastLeaf[number] = leaf;
            }
            if (parent[number] >= 0) {
                firstLeaf[parent[number]] = Math.min(firstLeaf[parent[number]], firstLeaf[number]);
                lastLeaf[parent[number]] = Math.max(lastLeaf[parent[number]], lastLeaf[number]);
            }
        }
    }

    /// Starts again from an assignment, free of what rounding gathered.
    ///
    /// @param scale what loads and times are measured by
    void set(int[] assignment, double scale) {
        System.arraycopy(assignment, 0, leafOfUnit, 0, leafOfUnit.length);
        Arrays.fill(up, 0);
        Arrays.fill(down, 0);
        Arrays.fill(bytes, 0);
        Arrays.fill(pinsBelow, 0);
        part = 1 / scale;
        for (int placed = 0; placed < leafOfUnit.length; placed++) {
            int leaf = leafOfUnit[placed];
            up[nodeOfLeaf[leaf]] += graph.work(placed) / speed[nodeOfLeaf[leaf]];
            bytes[leaf] += graph.bytes(placed);
        }
        IntLists pins = tensors.pins();
        for (int tensor = 0; tensor < tensors.count(); tensor++) {
            for (int pin = pins.from(tensor); pin < pins.end(tensor); pin++) {
                for (int above = nodeOfLeaf[leafOfUnit[pins.item(pin)]]; above >= 0; above = parent[above]) {
                    pinsBelow[tensor * nodes + above]++;
                }
            }
            int source = leafOfUnit[tensors.source()[tensor]];
            for (int charged = 0; charged < root; charged++) {
                if (isCut(tensor, pinsBelow[tensor * nodes + charged])) {
                    (holds(charged, source) ? up : down)[charged] += millis(tensor, charged);
                }
            }
        }
        addUp();
    }

    /// The sum of the sixteenth powers of all loads and times, each as a part of the scale; free of what rounding
    /// gathered in it.
    double addUp() {
        energy = 0;
        for (int number = 0; number < root; number++) {
            term[number] = term(number, up[number], down[number]);
            energy += term[number];
        }
        return energy;
    }

    int leafOf(int placed) {
        return leafOfUnit[placed];
    }

    int[] assignment() {
        return leafOfUnit.clone();
    }

    double bytesOn(int leaf) {
        return bytes[leaf];
    }

    /// The largest load of a device, uplink or downlink, or the first one found that is not below a limit.
    double largest(double limit) {
        double largest = 0;
        for (int number = 0; number < root && largest < limit; number++) {
            double load = isLeaf[number] ? up[number] + down[number] : Math.max(up[number], down[number]);
            largest = Math.max(largest, load);
        }
        return largest;
    }

    /// What the energy would be with a unit on another leaf.
    double after(int moved, int to) {
        unit = moved;
        target = to;
        int from = leafOfUnit[moved];
        touched = 0;
        for (int above = nodeOfLeaf[from]; !holds(above, to); above = parent[above]) {
            touch(above);
        }
        left = touched;
        for (int above = nodeOfLeaf[to]; !holds(above, from); above = parent[above]) {
            touch(above);
        }
        if (touched == 0) {
            energyAfter = energy;
            return energy;
        }
        upChange[0] -= graph.work(moved) / speed[node[0]];
        upChange[left] += graph.work(moved) / speed[node[left]];
        for (int item = tensorsOfUnit.from(moved); item < tensorsOfUnit.end(moved); item++) {
            int tensor = tensorsOfUnit.item(item);
            if (tensors.source()[tensor] == moved) {
                moveSource(tensor);
            } else {
                moveReader(tensor, leafOfUnit[tensors.source()[tensor]]);
            }
        }
        double next = energy;
        for (int index = 0; index < touched; index++) {
            int number = node[index];
            next += term(number, up[number] + upChange[index], down[number] + downChange[index]) - term[number];
        }
        energyAfter = next;
        return next;
    }

    private void touch(int number) {
        node[touched] = number;
        upChange[touched] = 0;
        downChange[touched++] = 0;
    }

    /// What was sent up from the nodes that the source leaves now comes down to them, and the other way round.
    private void moveSource(int tensor) {
        for (int index = 0; index < touched; index++) {
            int below = pinsBelow[tensor * nodes + node[index]];
            double millis = millis(tensor, node[index]);
            if (index < left) {
                upChange[index] -= isCut(tensor, below) ? millis : 0;
                downChange[index] += isCut(tensor, below - 1) ? millis : 0;
            } else {
                downChange[index] -= isCut(tensor, below) ? millis : 0;
                upChange[index] += isCut(tensor, below + 1) ? millis : 0;
            }
        }
    }

    private void moveReader(int tensor, int source) {
        for (int index = 0; index < touched; index++) {
            int below = pinsBelow[tensor * nodes + node[index]];
            boolean was = isCut(tensor, below);
            boolean is = isCut(tensor, index < left ? below - 1 : below + 1);
            if (was != is) {
                double millis = is ? millis(tensor, node[index]) : -millis(tensor, node[index]);
                (holds(node[index], source) ? upChange : downChange)[index] += millis;
            }
        }
    }

    /// Makes the move that was tried last.
    void take() {
        bytes[leafOfUnit[unit]] -= graph.bytes(unit);
        bytes[target] += graph.bytes(unit);
        leafOfUnit[unit] = target;
        for (int index = 0; index < touched; index++) {
            int number = node[index];
            up[number] += upChange[index];
            down[number] += downChange[index];
            term[number] = term(number, up[number], down[number]);
        }
        for (int item = tensorsOfUnit.from(unit); item < tensorsOfUnit.end(unit); item++) {
            int row = tensorsOfUnit.item(item) * nodes;
            for (int index = 0; index < touched; index++) {
                pinsBelow[row + node[index]] += index < left ? -1 : 1;
            }
        }
        energy = energyAfter;
    }

    private double term(int number, double sent, double got) {
        return isLeaf[number] ? sixteenth((sent + got) * part) : sixteenth(sent * part) + sixteenth(got * part);
    }

    private static double sixteenth(double number) {
        double square = number * number;
        double fourth = square * square;
        double eighth = fourth * fourth;
        return eighth * eighth;
    }

    private boolean isCut(int tensor, int below) {
        return below > 0 && below < tensors.pins().size(tensor);
    }

    private double millis(int tensor, int number) {
        return tensors.bytes()[tensor] * millisPerByte[number] + tensors.messages()[tensor] * latencyMillis[number];
    }

    private boolean holds(int number, int leaf) {
        return firstLeaf[number] <= leaf && leaf <= lastLeaf[number];
    }
}
