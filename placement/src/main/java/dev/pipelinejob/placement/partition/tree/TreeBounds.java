package dev.pipelinejob.placement.partition.tree;

import dev.pipelinejob.placement.partition.UnitGraph;
import java.util.Locale;

/// What no split on a tree can be below, and why nothing may fit.
final class TreeBounds {
    private final UnitGraph graph;
    private final TreeShape shape;

    TreeBounds(UnitGraph graph, TreeShape shape) {
        this.graph = graph;
        this.shape = shape;
    }

    /// One sentence when some unit fits on no leaf or all leaves together are too small; else empty.
    String reasonWhyNothingFits() {
        double largest = 0;
        double total = 0;
        double bytes = 0;
        for (int leaf = 0; leaf < shape.leafCount(); leaf++) {
            largest = Math.max(largest, (double) shape.leaf(leaf).memoryBytes());
            total += (double) shape.leaf(leaf).memoryBytes();
        }
        for (int unit = 0; unit < graph.units(); unit++) {
            bytes += graph.bytes(unit);
            if (!graph.supported(unit)) {
                return "Node " + graph.nodeOf(unit) + " or a node that must share its device runs on no accelerator,"
                        + " and a tree has no CPU: leave --topology out or the node.";
            }
            if (graph.bytes(unit) > largest) {
                return "Node " + graph.nodeOf(unit) + " and the nodes that must share its device need "
                        + count(graph.bytes(unit)) + " bytes, but the largest leaf has " + count(largest)
                        + ": raise memoryBytes.";
            }
        }
        return bytes <= total
                ? ""
                : "All nodes together need " + count(bytes) + " bytes, but the leaves have " + count(total)
                        + ": add leaves or memory.";
    }

    private static String count(double bytes) {
        return String.format(Locale.ROOT, "%.0f", bytes);
    }

    /// All work on all leaves, and the largest unit on the fastest leaf that can hold it.
    double any() {
        double work = 0;
        double least = 0;
        for (int unit = 0; unit < graph.units(); unit++) {
            work += graph.work(unit);
            double fastest = 0;
            for (NodeType type : shape.types()) {
                boolean holds = type.isLeaf() && type.memoryBytes() >= graph.bytes(unit);
                fastest = Math.max(fastest, holds ? type.speed() : 0);
            }
            least = Math.max(least, graph.work(unit) / fastest);
        }
        double speed = shape.typeOf(shape.root()).speed();
        return Math.max(least, work / speed) * (1 - 1e-12);
    }
}
