package dev.pipelinejob.placement.partition.tree;

import dev.pipelinejob.placement.partition.Reduction;
import dev.pipelinejob.placement.partition.UnitGraph;
import dev.pipelinejob.placement.topology.Slot;
import dev.pipelinejob.placement.topology.Topology;
import dev.pipelinejob.placement.workload.Workload;

/// A workload on a tree of links as the planners of other packages see it: its units, and what leaves and links take.
public final class TreeModel {
    private final UnitGraph graph;
    private final Tensors tensors;
    private final TreeShape shape;
    private final TreeLoads loads;

    private TreeModel(UnitGraph graph, Tensors tensors, TreeShape shape) {
        this.graph = graph;
        this.tensors = tensors;
        this.shape = shape;
        this.loads = new TreeLoads(graph, tensors, shape);
    }

    /// Prepares a workload for a tree.
    ///
    /// @param bytesPerMilli what one millisecond of an output's cost stands for
    public static TreeModel of(Workload workload, Topology tree, double bytesPerMilli) {
        TreeShape shape = new TreeShape(tree);
        Workload priced = shape.hasLatency() ? workload.withOutputs(cost -> cost + 1) : workload;
        double memory =
                tree.slots().stream().mapToDouble(Slot::memoryBytes).min().orElse(0);
        UnitGraph graph = Reduction.reducePairs(priced, memory);
        Tensors tensors = Tensors.of(workload, graph.unitOfNode(), bytesPerMilli, shape.hasLatency());
        return new TreeModel(graph, tensors, shape);
    }

    public UnitGraph graph() {
        return graph;
    }

    /// The largest load of a leaf, uplink or downlink.
    public double value(int[] leafOfUnit) {
        return loads.value(leafOfUnit);
    }

    /// The domain whose link takes the longest, when that is longer than the limit; -1 when none is.
    public int crowdedDomain(int[] leafOfUnit, double limit) {
        return loads.crowdedDomain(leafOfUnit, limit);
    }

    public int domainsAndLeaves() {
        return shape.nodes();
    }

    /// Whether a leaf is below a node.
    public boolean isBelow(int leaf, int node) {
        int above = shape.nodeOfLeaf(leaf);
        while (above >= 0 && above < node) {
            above = shape.parent(above);
        }
        return above == node;
    }

    /// How many nodes are above both leaves: the more, the nearer they are.
    public int sharedAncestors(int one, int other) {
        int count = 0;
        for (int node = shape.parent(shape.nodeOfLeaf(one)); node >= 0; node = shape.parent(node)) {
            count += isBelow(other, node) ? 1 : 0;
        }
        return count;
    }

    /// Two leaves of one type are alike in all that counts.
    public int typeOf(int leaf) {
        return shape.typeOf(shape.nodeOfLeaf(leaf)).number();
    }

    public double speed(int leaf) {
        return shape.leaf(leaf).relativeSpeed();
    }

    /// What the tree looks like without some leaves, whatever its nodes are called.
    public String shapeWithout(boolean[] lost) {
        return shapeWithout(shape.root(), lost);
    }

    private String shapeWithout(int node, boolean[] lost) {
        if (shape.leafOfNode(node) >= 0) {
            return lost[shape.leafOfNode(node)] ? "" : "l" + shape.typeOf(node).number();
        }
        StringBuilder text = new StringBuilder();
        shape.children(node).stream()
                .map(child -> shapeWithout(child, lost))
                .filter(child -> !child.isEmpty())
                .sorted()
                .forEach(child -> text.append(child).append(' '));
        NodeType type = shape.typeOf(node);
        return text.isEmpty() ? "" : "(" + type.millisPerByte() + "/" + type.latencyMillis() + " " + text + ")";
    }

    /// Shares of consecutive units of one order.
    public OrderShare share(int[] order) {
        return new OrderShare(order);
    }

    /// A share that grows to the right, and what it takes on a leaf.
    public final class OrderShare {
        private final int[] order;
        private final PinEvents events;
        private int left;
        private double work;
        private double bytes;

        private OrderShare(int[] order) {
            this.order = order.clone();
            this.events = new PinEvents(graph, tensors, order);
        }

        /// Begins with nothing behind a position.
        public void begin(int newLeft) {
            left = newLeft;
            work = 0;
            bytes = 0;
            events.clear();
        }

        /// Takes the position behind.
        public void add(int position) {
            events.add(position, left);
            work += graph.work(order[position]);
            bytes += graph.bytes(order[position]);
        }

        public double work() {
            return work;
        }

        /// Bytes that cross the right end when the share begins at position 0.
        public double bytesAcross() {
            return events.inBytes + events.outBytes;
        }

        /// Time on a leaf; infinite when it does not fit there.
        public double millisOn(int leaf) {
            NodeType type = shape.typeOf(shape.nodeOfLeaf(leaf));
            return bytes > type.memoryBytes()
                    ? Double.POSITIVE_INFINITY
                    : work / type.speed()
                            + type.millis(events.inBytes + events.outBytes, events.inMessages + events.outMessages);
        }
    }
}
