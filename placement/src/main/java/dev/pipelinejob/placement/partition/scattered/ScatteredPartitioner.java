package dev.pipelinejob.placement.partition.scattered;

import dev.pipelinejob.placement.partition.PartitionOutcome;
import dev.pipelinejob.placement.partition.SearchControl;
import dev.pipelinejob.placement.workload.Workload;

/// Finds a split of a workload whose shares may be any sets, and a bound for it.
///
/// The same workload and seed give the same answer, unless time ends the search, which it does as a rule.
public final class ScatteredPartitioner {
    private ScatteredPartitioner() {}

    /// The best split found.
    ///
    /// @param prover what may better and prove it; [Prover#NONE] when nothing is at hand
    public static PartitionOutcome solve(Workload workload, long seed, Prover prover, SearchControl control) {
        return new ScatteredSearch(workload, seed, prover, control).solve();
    }
}
