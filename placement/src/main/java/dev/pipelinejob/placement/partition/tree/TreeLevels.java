package dev.pipelinejob.placement.partition.tree;

import java.util.ArrayList;
import java.util.List;

/// The levels of a tree: each a set of nodes of which every leaf is below exactly one.
final class TreeLevels {
    private TreeLevels() {}

    /// The root's children, then all of their children, and so on down to the leaves; leaves above a level stay.
    static List<Level> of(TreeShape shape) {
        List<Level> levels = new ArrayList<>();
        List<Integer> nodes = shape.children(shape.root());
        boolean isDeeper = true;
        while (isDeeper) {
            levels.add(new Level(nodes.stream().map(shape::typeOf).toList()));
            List<Integer> next = new ArrayList<>();
            isDeeper = false;
            for (int node : nodes) {
                if (shape.leafOfNode(node) >= 0) {
                    next.add(node);
                } else {
                    next.addAll(shape.children(node));
                    isDeeper = true;
                }
            }
            nodes = next;
        }
        return levels;
    }

    /// The parts of a level.
    ///
    /// @param parts the type of each
    record Level(List<NodeType> parts) {
        Level {
            parts = List.copyOf(parts);
        }

        /// The types, each once.
        List<NodeType> types() {
            return parts.stream().distinct().toList();
        }

        /// Of two parts, at least one has a link that takes this long for each byte, or longer.
        double millisPerByteBetween() {
            double[] sorted =
                    parts.stream().mapToDouble(NodeType::millisPerByte).sorted().toArray();
            return sorted.length < 2 ? Double.POSITIVE_INFINITY : sorted[1];
        }

        /// The least latency of any link.
        double latencyMillis() {
            return parts.stream().mapToDouble(NodeType::latencyMillis).min().orElse(0);
        }
    }
}
