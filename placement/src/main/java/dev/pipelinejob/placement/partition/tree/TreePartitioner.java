package dev.pipelinejob.placement.partition.tree;

import dev.pipelinejob.placement.partition.PartitionOutcome;
import dev.pipelinejob.placement.partition.SearchControl;
import dev.pipelinejob.placement.topology.Slot;
import dev.pipelinejob.placement.topology.Topology;
import dev.pipelinejob.placement.workload.Devices;
import dev.pipelinejob.placement.workload.Workload;

/// Finds a contiguous split of a workload over the leaves of a tree, and a bound for it.
///
/// The same workload, tree and seed give the same answer, unless time ends the search.
public final class TreePartitioner {
    /// The most leaves that a tree may have.
    public static final int MOST_LEAVES = 16_384;

    private TreePartitioner() {}

    /// The best split found; device numbers of the outcome are leaves in leaf order. CPUs take no part.
    ///
    /// @param bytesPerMilli what one millisecond of an output's cost stands for
    public static PartitionOutcome solve(
            Workload workload, Topology tree, double bytesPerMilli, long seed, SearchControl control) {
        return new TreeSearch(workload.on(devices(tree)), tree, bytesPerMilli, seed, control).solve();
    }

    /// The leaves as devices without differences: as many, each with the most memory of any.
    public static Devices devices(Topology tree) {
        double memory =
                tree.slots().stream().mapToDouble(Slot::memoryBytes).max().orElse(0);
        return new Devices(tree.slots().size(), 0, memory);
    }
}
