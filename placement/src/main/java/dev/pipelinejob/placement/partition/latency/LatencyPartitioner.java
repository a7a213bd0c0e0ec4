package dev.pipelinejob.placement.partition.latency;

import dev.pipelinejob.placement.partition.PartitionOutcome;
import dev.pipelinejob.placement.partition.SearchControl;
import dev.pipelinejob.placement.workload.InvalidWorkload;
import dev.pipelinejob.placement.workload.Workload;

/// Finds the split with which one sample is done soonest, and a bound for it.
///
/// An accelerator's share starts when all that it reads is ready, fetches it, computes and sends what others read;
/// then all its outputs are ready. A node on a CPU starts when what it reads is ready; any number run at once.
public final class LatencyPartitioner {
    private LatencyPartitioner() {}

    /// The best split found. The same workload and seed give the same answer, unless time ends the search.
    ///
    /// @throws InvalidWorkload when the workload has backward nodes: a share would wait for itself
    public static PartitionOutcome solve(Workload workload, long seed, SearchControl control) {
        for (int node = 0; node < workload.nodes(); node++) {
            if (workload.backward(node)) {
                throw new InvalidWorkload("Node " + workload.id(node) + " is a backward node: the latency objective is"
                        + " for inference, use --objective throughput for training.");
            }
        }
        return new LatencySearch(workload, seed, control).solve();
    }
}
