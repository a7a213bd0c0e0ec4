package dev.pipelinejob.placement.partition.tree;

import dev.pipelinejob.placement.partition.PartitionOutcome;
import dev.pipelinejob.placement.partition.SearchControl;
import dev.pipelinejob.placement.partition.Split;
import dev.pipelinejob.placement.topology.Domain;
import dev.pipelinejob.placement.topology.Node;
import dev.pipelinejob.placement.topology.Slot;
import dev.pipelinejob.placement.topology.Topology;
import dev.pipelinejob.placement.workload.Devices;
import dev.pipelinejob.placement.workload.Workload;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Finds a contiguous split of a workload over the leaves of a tree, and a bound for it.
///
/// The same workload, tree and seed give the same answer, unless time ends the search.
public final class TreePartitioner {
    /// The most leaves that a tree may have.
    public static final int MOST_LEAVES = 16_384;

    private TreePartitioner() {}

    /// A good split, found soon.
    public static PartitionOutcome solve(
            Workload workload, Topology tree, double bytesPerMilli, long seed, SearchControl control) {
        return solve(workload, tree, bytesPerMilli, seed, Patience.SOON, control);
    }

    /// The best split found; device numbers of the outcome are leaves in leaf order. CPUs take no part.
    ///
    /// The search sees the tree with children sorted by what they are, so that names and the order of the file do
    /// not matter; only the plain split on the leaves in order, which the answer is never worse than, goes by the
    /// file.
    ///
    /// @param bytesPerMilli what one millisecond of an output's cost stands for
    public static PartitionOutcome solve(
            Workload workload,
            Topology tree,
            double bytesPerMilli,
            long seed,
            Patience patience,
            SearchControl control) {
        Topology sorted = new Topology((Domain) SortedNode.of(tree.root()).node());
        Map<String, Integer> numberOfName = new HashMap<>();
        sorted.slots().forEach(slot -> numberOfName.put(slot.name(), numberOfName.size()));
        int[] sortedLeaf = tree.slots().stream()
                .mapToInt(slot -> numberOfName.getOrDefault(slot.name(), 0))
                .toArray();
        int[] leafOfSorted = new int[sortedLeaf.length];
        for (int leaf = 0; leaf < sortedLeaf.length; leaf++) {
            leafOfSorted[sortedLeaf[leaf]] = leaf;
        }
        PartitionOutcome outcome = new TreeSearch(
                        workload.on(devices(sorted)),
                        new TreeSearch.Tree(sorted, sortedLeaf),
                        bytesPerMilli,
                        seed,
                        patience,
                        control)
                .solve();
        return switch (outcome) {
            case PartitionOutcome.Optimal(Split split) -> new PartitionOutcome.Optimal(on(leafOfSorted, split));
            case PartitionOutcome.Feasible(Split split) -> new PartitionOutcome.Feasible(on(leafOfSorted, split));
            case PartitionOutcome.Infeasible _, PartitionOutcome.OutOfTime _ -> outcome;
        };
    }

    private static Split on(int[] leafOfSorted, Split split) {
        int[] leafOfNode = Arrays.stream(split.deviceOfNode())
                .map(leaf -> leafOfSorted[leaf])
                .toArray();
        return new Split(leafOfNode, split.value(), split.lowerBound(), split.boundKind());
    }

    /// A node with its children sorted: what is faster comes first, then what is below decides.
    private record SortedNode(Node node, double speed, String key) {
        static SortedNode of(Node node) {
            return switch (node) {
                case Slot slot ->
                    new SortedNode(
                            slot,
                            slot.relativeSpeed(),
                            slot.portBytesPerSecond() + "/" + slot.portLatencyMicros() + "/" + slot.memoryBytes() + "/"
                                    + slot.relativeSpeed());
                case Domain domain -> {
                    List<SortedNode> children = domain.children().stream()
                            .map(SortedNode::of)
                            .sorted(Comparator.comparingDouble(SortedNode::speed)
                                    .reversed()
                                    .thenComparing(SortedNode::key))
                            .toList();
                    StringBuilder key = new StringBuilder("(");
                    key.append(domain.uplinkBytesPerSecond()).append('/').append(domain.latencyMicros());
                    children.forEach(child -> key.append(' ').append(child.key()));
                    Domain sorted = new Domain(
                            domain.name(),
                            domain.level(),
                            domain.uplinkBytesPerSecond(),
                            domain.latencyMicros(),
                            domain.computeCores(),
                            children.stream().map(SortedNode::node).toList());
                    double speed =
                            children.stream().mapToDouble(SortedNode::speed).sum();
                    yield new SortedNode(sorted, speed, key.append(')').toString());
                }
            };
        }
    }

    /// The leaves as devices without differences: as many, each with the most memory of any.
    public static Devices devices(Topology tree) {
        double memory =
                tree.slots().stream().mapToDouble(Slot::memoryBytes).max().orElse(0);
        return new Devices(tree.slots().size(), 0, memory);
    }
}
