package dev.pipelinejob.operator.cli.placement;

import dev.pipelinejob.placement.partition.Objective;
import dev.pipelinejob.placement.partition.PartitionOutcome;
import dev.pipelinejob.placement.partition.Partitioner;
import dev.pipelinejob.placement.partition.SearchControl;
import dev.pipelinejob.placement.partition.Split;
import dev.pipelinejob.placement.partition.verify.LatencyVerifier;
import dev.pipelinejob.placement.partition.verify.TreeVerifier;
import dev.pipelinejob.placement.topology.Slot;
import dev.pipelinejob.placement.topology.Topology;
import dev.pipelinejob.placement.workload.Workload;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a plainer planner makes of a question, for comparison.
final class Reference {
    private static final double SECONDS = 5;
    private static final double MILLIS_PER_SECOND = 1000;

    private Reference() {}

    /// The value of the plainer answer; NaN where there is none to compare with.
    static double of(Answer answer, long seed) {
        Topology tree = answer.question().tree();
        if (answer.question().objective() == Objective.LATENCY) {
            return forThroughput(answer, seed);
        }
        return tree == null ? Double.NaN : blind(answer, tree, seed);
    }

    /// The best contiguous split for throughput, judged by when one sample is done.
    private static double forThroughput(Answer answer, long seed) {
        Workload workload = answer.workload();
        PartitionOutcome outcome = Partitioner.solve(workload, seed, SearchControl.seconds(SECONDS, System::nanoTime));
        Answer other = new Answer(answer.question(), workload, outcome, 0);
        return other.split() == null ? Double.NaN : LatencyVerifier.value(workload, other.assignment());
    }

    /// The best split over equal devices without uplinks, laid on the leaves in order and judged on the tree.
    private static double blind(Answer answer, Topology tree, long seed) {
        double port = tree.slots().getFirst().portBytesPerSecond();
        double factor = answer.question().bytesPerMilli() * MILLIS_PER_SECOND / port;
        Workload workload = answer.workload();
        PartitionOutcome outcome = Partitioner.solve(
                workload.withOutputs(cost -> cost * factor), seed, SearchControl.seconds(SECONDS, System::nanoTime));
        Split split = PartitionOutcome.split(outcome);
        if (split == null) {
            return Double.NaN;
        }
        Map<String, String> assignment = new LinkedHashMap<>();
        List<Slot> slots = tree.slots();
        int[] deviceOfNode = split.deviceOfNode();
        for (int node = 0; node < workload.nodes(); node++) {
            Slot slot = slots.get(deviceOfNode[node]);
            assignment.put(workload.id(node), slot.name());
        }
        return TreeVerifier.value(workload, tree, answer.question().bytesPerMilli(), assignment);
    }
}
