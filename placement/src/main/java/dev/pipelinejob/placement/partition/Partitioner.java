package dev.pipelinejob.placement.partition;

import dev.pipelinejob.placement.workload.Workload;

/// Finds the best split of a workload over its devices, with a proof or a gap.
///
/// The same workload, seed and questions give the same answer, unless time or memory ends the search.
public final class Partitioner {
    private Partitioner() {}

    /// The best contiguous split for throughput.
    public static PartitionOutcome solve(Workload workload, long seed, SearchControl control) {
        return new ContiguousSearch(Reduction.reduce(workload), seed, control).solve();
    }

    /// A contiguous split for throughput that is good soon: from cutting orders and, when that is easy, proved best.
    public static PartitionOutcome solveSoon(Workload workload, long seed, SearchControl control) {
        return new ContiguousSearch(Reduction.reduce(workload), seed, control).solveSoon();
    }
}
