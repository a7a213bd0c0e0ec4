package dev.pipelinejob.placement.partition.scattered;

import dev.pipelinejob.placement.partition.BoundKind;
import dev.pipelinejob.placement.partition.Bounds;
import dev.pipelinejob.placement.partition.CoverBound;
import dev.pipelinejob.placement.partition.Limits;
import dev.pipelinejob.placement.partition.PartitionOutcome;
import dev.pipelinejob.placement.partition.Partitioner;
import dev.pipelinejob.placement.partition.Reduction;
import dev.pipelinejob.placement.partition.SearchControl;
import dev.pipelinejob.placement.partition.Split;
import dev.pipelinejob.placement.partition.UnitGraph;
import dev.pipelinejob.placement.workload.Workload;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Starts from the best contiguous split, moves units between devices at random with ever less tolerance for worse
/// splits, and hands the best to the prover.
final class ScatteredSearch {
    private static final double EXACT = 1e-9;
    private static final double SHARE_OF_CONTIGUOUS = 0.15;
    private static final double SHARE_OF_ANNEALING = 0.2;
    private static final double SHARE_OF_COVERING = 0.4;
    private static final double SHARE_OF_PROOF = 0.85;
    private static final double MOST_CONTIGUOUS_SECONDS = 5;
    private static final long MOST_TABLE = 40_000_000;

    private final Workload workload;
    private final UnitGraph graph;
    private final long seed;
    private final Prover prover;
    private final SearchControl control;
    private int @Nullable [] best;
    private double value = Double.POSITIVE_INFINITY;
    private double bound;

    ScatteredSearch(Workload workload, long seed, Prover prover, SearchControl control) {
        this.workload = workload;
        this.graph = Reduction.reduceScattered(workload);
        this.seed = seed;
        this.prover = prover;
        this.control = control;
    }

    PartitionOutcome solve() {
        bound = new Bounds(graph).any();
        if (Double.isInfinite(bound)) {
            return new PartitionOutcome.Infeasible(Limits.reason(graph));
        }
        startFromContiguous();
        if (best == null) {
            keep(Packing.firstFit(graph));
        }
        anneal(control.withShareOfTime(SHARE_OF_ANNEALING));
        cover(control.withShareOfTime(SHARE_OF_COVERING));
        prove(control.withShareOfTime(SHARE_OF_PROOF));
        anneal(control);
        if (best != null) {
            return outcome(best);
        }
        return Packing.isHopeless(graph) || Double.isInfinite(bound)
                ? new PartitionOutcome.Infeasible(Limits.reason(graph))
                : new PartitionOutcome.OutOfTime();
    }

    private void anneal(SearchControl share) {
        boolean small = (long) graph.nets() * (graph.accelerators() + graph.cpus()) <= MOST_TABLE;
        if (best != null && small && !isProved() && !share.stopped()) {
            keep(new Annealing(graph, seed).better(best, bound, share));
        }
    }

    private void cover(SearchControl share) {
        if (best != null && !isProved() && !share.stopped()) {
            bound = new CoverBound(graph, false, value, share).raise(bound);
        }
    }

    private PartitionOutcome outcome(int[] found) {
        double lowerBound = isProved() ? Math.max(bound, value * (1 - EXACT)) : bound;
        Split split = new Split(graph.deviceOfNode(found), value, Math.min(lowerBound, value), BoundKind.ANY);
        return isProved() ? new PartitionOutcome.Optimal(split) : new PartitionOutcome.Feasible(split);
    }

    private boolean isProved() {
        return best != null && bound >= value * (1 - 1.5 * EXACT);
    }

    private void startFromContiguous() {
        SearchControl share = control.withShareOfTime(SHARE_OF_CONTIGUOUS).atMostSeconds(MOST_CONTIGUOUS_SECONDS);
        Split split = PartitionOutcome.split(Partitioner.solve(workload, seed, share));
        if (split != null) {
            keep(unitsOf(split.deviceOfNode()));
        }
    }

    /// A unit goes where its nodes with work are, to an accelerator if one has some; the others cost nothing there.
    private int[] unitsOf(int[] deviceOfNode) {
        int[] deviceOfUnit = new int[graph.units()];
        boolean[] settled = new boolean[graph.units()];
        Arrays.fill(deviceOfUnit, -1);
        for (int node = 0; node < deviceOfNode.length; node++) {
            int unit = graph.unitOfNode()[node];
            boolean counts =
                    workload.acceleratorMillis(node) > 0 || workload.cpuMillis(node) > 0 || !workload.supported(node);
            boolean better = !settled[unit] || deviceOfNode[node] < graph.accelerators();
            if (deviceOfUnit[unit] < 0 || (counts && better)) {
                deviceOfUnit[unit] = deviceOfNode[node];
                settled[unit] |= counts;
            }
        }
        return deviceOfUnit;
    }

    private void keep(int @Nullable [] deviceOfUnit) {
        double found = deviceOfUnit == null ? Double.POSITIVE_INFINITY : graph.value(deviceOfUnit);
        if (deviceOfUnit != null && found < value && Packing.fits(graph, deviceOfUnit)) {
            best = deviceOfUnit;
            value = found;
        }
    }

    private void prove(SearchControl share) {
        if (isProved() || share.stopped() || Packing.isHopeless(graph)) {
            return;
        }
        Prover.Finding finding = prover.improve(graph, best, bound, share);
        bound = Math.max(bound, finding.lowerBound());
        keep(finding.deviceOfUnit());
    }
}
