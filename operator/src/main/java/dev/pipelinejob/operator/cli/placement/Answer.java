package dev.pipelinejob.operator.cli.placement;

import dev.pipelinejob.placement.draw.SplitPicture;
import dev.pipelinejob.placement.partition.Contiguity;
import dev.pipelinejob.placement.partition.Objective;
import dev.pipelinejob.placement.partition.PartitionOutcome;
import dev.pipelinejob.placement.partition.Partitioner;
import dev.pipelinejob.placement.partition.SearchControl;
import dev.pipelinejob.placement.partition.Split;
import dev.pipelinejob.placement.partition.cpsat.CpSat;
import dev.pipelinejob.placement.partition.latency.LatencyPartitioner;
import dev.pipelinejob.placement.partition.phases.PhasePartitioner;
import dev.pipelinejob.placement.partition.scattered.ScatteredPartitioner;
import dev.pipelinejob.placement.partition.tree.Patience;
import dev.pipelinejob.placement.partition.tree.TreePartitioner;
import dev.pipelinejob.placement.partition.verify.LatencyVerifier;
import dev.pipelinejob.placement.partition.verify.PhaseVerifier;
import dev.pipelinejob.placement.partition.verify.TreeVerifier;
import dev.pipelinejob.placement.partition.verify.Verifier;
import dev.pipelinejob.placement.topology.Topology;
import dev.pipelinejob.placement.workload.Workload;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What came of a question.
///
/// @param question what was asked
/// @param workload the file as it was read
/// @param outcome the split or why there is none
/// @param millis wall time of the search
record Answer(Question question, Workload workload, PartitionOutcome outcome, double millis) {
    private static final double NANOS_PER_MILLI = 1e6;

    /// Asks the planner.
    ///
    /// @param threads at most this many are used
    /// @param patience when a search on a tree has done enough
    static Answer to(
            Question question, Workload workload, long seed, int threads, Patience patience, SearchControl control) {
        long start = System.nanoTime();
        Topology tree = question.tree();
        PartitionOutcome outcome;
        if (question.objective() == Objective.LATENCY) {
            outcome = LatencyPartitioner.solve(workload, seed, control);
        } else if (question.objective() == Objective.DIFFMAXIMA) {
            outcome = PhasePartitioner.solve(workload, seed, control);
        } else if (tree != null) {
            outcome = TreePartitioner.solve(workload, tree, question.bytesPerMilli(), seed, patience, control);
        } else if (question.contiguity() == Contiguity.ANY) {
            outcome = ScatteredPartitioner.solve(workload, seed, CpSat.prover(threads, seed), control);
        } else {
            outcome = Partitioner.solve(workload, seed, control);
        }
        return new Answer(question, workload, outcome, (System.nanoTime() - start) / NANOS_PER_MILLI);
    }

    /// What the outcome is called in a plan.
    String status() {
        return switch (outcome) {
            case PartitionOutcome.Optimal _ -> "OPTIMAL";
            case PartitionOutcome.Feasible _ -> "FEASIBLE";
            case PartitionOutcome.Infeasible _ -> "INFEASIBLE";
            case PartitionOutcome.OutOfTime _ -> "OUT_OF_TIME";
        };
    }

    @Nullable
    Split split() {
        return PartitionOutcome.split(outcome);
    }

    /// Which node is on which device, in the order of the file; empty when there is no split.
    Map<String, String> assignment() {
        Split split = split();
        return split == null ? Map.of() : named(question, workload, split.deviceOfNode());
    }

    /// The name of each node's device, in the order of the file.
    static Map<String, String> named(Question question, Workload workload, int[] deviceOfNode) {
        Map<String, String> assignment = new LinkedHashMap<>();
        for (int node = 0; node < deviceOfNode.length; node++) {
            assignment.put(workload.id(node), deviceName(question, workload, deviceOfNode[node]));
        }
        return assignment;
    }

    static String deviceName(Question question, Workload workload, int device) {
        Topology tree = question.tree();
        if (tree != null) {
            return tree.slots().get(device).name();
        }
        int accelerators = workload.devices().accelerators();
        return device < accelerators ? "accelerator-" + device : "cpu-" + (device - accelerators);
    }

    /// What a picture of the split shows.
    SplitPicture.Subject picture(Split split) {
        String title = String.format(
                Locale.ROOT,
                "%s: %d operators on %d of %d devices",
                question.input().getFileName(),
                workload.nodes(),
                Arrays.stream(split.deviceOfNode()).distinct().count(),
                workload.devices().accelerators() + workload.devices().cpus());
        String summary = String.format(
                Locale.ROOT,
                "%s, %s, %s: %.6f ms, lower bound %.6f ms (%s), gap %.2f %%",
                question.objective().name().toLowerCase(Locale.ROOT),
                question.contiguity().name().toLowerCase(Locale.ROOT),
                status(),
                split.value(),
                split.lowerBound(),
                split.boundKind().word(),
                split.gapPercent());
        return new SplitPicture.Subject(
                title, summary, workload, split.deviceOfNode(), question.tree(), question.bytesPerMilli());
    }

    long usedAccelerators() {
        Split split = split();
        return split == null
                ? 0
                : Arrays.stream(split.deviceOfNode())
                        .filter(device -> device < workload.devices().accelerators())
                        .distinct()
                        .count();
    }

    /// What does not hold when the split is checked without the planner.
    List<String> findings() {
        Split split = split();
        if (split == null) {
            return List.of("There is no split.");
        }
        Verifier.Claim claim = new Verifier.Claim(
                assignment(),
                split.value(),
                split.lowerBound(),
                outcome instanceof PartitionOutcome.Optimal,
                question.contiguity() == Contiguity.CONTIGUOUS);
        return findings(question, workload, claim);
    }

    /// What does not hold of a claim about an answer to a question.
    static List<String> findings(Question question, Workload workload, Verifier.Claim claim) {
        Topology tree = question.tree();
        return switch (question.objective()) {
            case LATENCY -> LatencyVerifier.check(workload, claim);
            case DIFFMAXIMA -> PhaseVerifier.check(workload, claim);
            case THROUGHPUT ->
                tree == null
                        ? Verifier.check(workload, claim)
                        : TreeVerifier.check(workload, tree, question.bytesPerMilli(), claim);
        };
    }

    /// What an assignment is worth, by the definition.
    static double value(Question question, Workload workload, Map<String, String> assignment) {
        Topology tree = question.tree();
        return switch (question.objective()) {
            case LATENCY -> LatencyVerifier.value(workload, assignment);
            case DIFFMAXIMA -> PhaseVerifier.value(workload, assignment);
            case THROUGHPUT ->
                tree == null
                        ? Verifier.value(workload, assignment)
                        : TreeVerifier.value(workload, tree, question.bytesPerMilli(), assignment);
        };
    }
}
