package dev.pipelinejob.placement.partition.tree;

import dev.pipelinejob.placement.topology.Domain;
import dev.pipelinejob.placement.topology.Node;
import dev.pipelinejob.placement.topology.Slot;
import dev.pipelinejob.placement.topology.Topology;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A tree of links in arrays. Nodes are numbered with children before parents, so that the root is last; leaves also
/// have a number of their own, in leaf order.
final class TreeShape {
    /// More ways to use up a domain's children than this are not told apart: the children then keep their order.
    private static final int MOST_STATES = 600;

    private static final double MILLIS_PER_SECOND = 1000;
    private static final double MICROS_PER_MILLI = 1000;

    private final List<Slot> leaves = new ArrayList<>();
    private final List<Integer> parents = new ArrayList<>();
    private final List<Integer> nodeOfLeaf = new ArrayList<>();
    private final List<NodeType> types = new ArrayList<>();
    private final Map<List<Object>, NodeType> typeOfKey = new HashMap<>();
    private final List<NodeType> typeOfNode = new ArrayList<>();
    private final List<List<Integer>> children = new ArrayList<>();
    private final List<Integer> leafOfNode = new ArrayList<>();

    TreeShape(Topology topology) {
        add(topology.root(), true);
    }

    private int add(Node node, boolean isRoot) {
        List<Integer> below = new ArrayList<>();
        if (node instanceof Domain domain) {
            domain.children().forEach(child -> below.add(add(child, false)));
        }
        int number = parents.size();
        parents.add(-1);
        below.forEach(child -> parents.set(child, number));
        children.add(below);
        switch (node) {
            case Slot slot -> {
                typeOfNode.add(leafType(slot));
                leafOfNode.add(leaves.size());
                nodeOfLeaf.add(number);
                leaves.add(slot);
            }
            case Domain domain -> {
                typeOfNode.add(domainType(domain, below, isRoot));
                leafOfNode.add(-1);
            }
        }
        return number;
    }

    private NodeType leafType(Slot slot) {
        List<Object> key =
                List.of(slot.portBytesPerSecond(), slot.portLatencyMicros(), slot.memoryBytes(), slot.relativeSpeed());
        return typeOfKey.computeIfAbsent(key, _ -> {
            NodeType type = NodeType.leaf(
                    types.size(),
                    slot,
                    MILLIS_PER_SECOND / slot.portBytesPerSecond(),
                    slot.portLatencyMicros() / MICROS_PER_MILLI);
            types.add(type);
            return type;
        });
    }

    private NodeType domainType(Domain domain, List<Integer> below, boolean isRoot) {
        List<NodeType> inOrder = below.stream().map(typeOfNode::get).toList();
        ChildStates states = ChildStates.of(inOrder, MOST_STATES);
        List<Object> key = new ArrayList<>();
        key.add(isRoot);
        key.add(domain.uplinkBytesPerSecond());
        key.add(domain.latencyMicros());
        states.sequence().forEach(type -> key.add(type.number()));
        return typeOfKey.computeIfAbsent(key, _ -> {
            NodeType type = NodeType.domain(
                    types.size(),
                    states,
                    isRoot ? 0 : MILLIS_PER_SECOND / domain.uplinkBytesPerSecond(),
                    isRoot ? 0 : domain.latencyMicros() / MICROS_PER_MILLI);
            types.add(type);
            return type;
        });
    }

    int nodes() {
        return parents.size();
    }

    int root() {
        return nodes() - 1;
    }

    int leafCount() {
        return leaves.size();
    }

    Slot leaf(int leaf) {
        return leaves.get(leaf);
    }

    int nodeOfLeaf(int leaf) {
        return nodeOfLeaf.get(leaf);
    }

    /// The number among the leaves, or -1 for a domain.
    int leafOfNode(int node) {
        return leafOfNode.get(node);
    }

    int parent(int node) {
        return parents.get(node);
    }

    List<Integer> children(int node) {
        return children.get(node);
    }

    NodeType typeOf(int node) {
        return typeOfNode.get(node);
    }

    /// All types, children's before parents'.
    List<NodeType> types() {
        return types;
    }

    boolean hasLatency() {
        return types.stream().anyMatch(type -> type.latencyMillis() > 0);
    }
}
