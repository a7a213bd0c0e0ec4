package dev.pipelinejob.placement.partition;

import dev.pipelinejob.placement.workload.Workload;

/// Finds the best split of a workload over its devices, with a proof or a gap.
///
/// The same workload, seed and questions give the same answer, unless time or memory ends the search.
public final class Partitioner {
    private Partitioner() {}

    /// Whether this question can be asked; what is not built says so.
    ///
    /// @throws UnsupportedOperationException with one sentence when the combination is not built
    public static void requireBuilt(Objective objective, Contiguity contiguity) {
        if (objective == Objective.LATENCY) {
            throw new UnsupportedOperationException(
                    "The latency objective is not built yet: use --objective throughput.");
        }
        if (contiguity == Contiguity.ANY) {
            throw new UnsupportedOperationException(
                    "Splits that are not contiguous are not built yet: use --contiguity contiguous.");
        }
    }

    /// The best contiguous split for throughput.
    public static PartitionOutcome solve(Workload workload, long seed, SearchControl control) {
        return new ContiguousSearch(Reduction.reduce(workload), seed, control).solve();
    }
}
