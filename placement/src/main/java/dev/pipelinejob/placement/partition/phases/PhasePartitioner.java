package dev.pipelinejob.placement.partition.phases;

import dev.pipelinejob.placement.partition.PartitionOutcome;
import dev.pipelinejob.placement.partition.SearchControl;
import dev.pipelinejob.placement.workload.Workload;

/// Finds the contiguous split with the least sum of the largest forward and the largest backward load of a device.
///
/// A node's output counts in the phase of the node, whatever reads it.
public final class PhasePartitioner {
    private PhasePartitioner() {}

    /// The best split, with a proof or a gap. The same workload and seed give the same answer, unless time ends it.
    public static PartitionOutcome solve(Workload workload, long seed, SearchControl control) {
        return new PhaseSearch(workload, seed, control).solve();
    }
}
