package dev.pipelinejob.placement.partition.phases;

import dev.pipelinejob.placement.partition.BoundKind;
import dev.pipelinejob.placement.partition.Bounds;
import dev.pipelinejob.placement.partition.IdealSearch;
import dev.pipelinejob.placement.partition.Limits;
import dev.pipelinejob.placement.partition.PartitionOutcome;
import dev.pipelinejob.placement.partition.Partitioner;
import dev.pipelinejob.placement.partition.Reduction;
import dev.pipelinejob.placement.partition.Reordering;
import dev.pipelinejob.placement.partition.SearchControl;
import dev.pipelinejob.placement.partition.Split;
import dev.pipelinejob.placement.partition.UnitGraph;
import dev.pipelinejob.placement.workload.Workload;
import java.util.Arrays;
import java.util.List;

/// Starts from the best split for throughput, cuts orders, then proves.
final class PhaseSearch {
    /// Above this many units one order is cut, and that is all.
    private static final int LARGE = 20_000;

    private static final int MOST_REORDERINGS = 200;
    private static final long REORDERING_WORK = 100_000_000;
    private static final double SHARE_OF_THROUGHPUT = 0.25;
    private static final double SHARE_OF_PROOF = 0.5;
    private static final double SHARE_OF_REORDERING = 0.3;
    private static final double SHARE_OF_QUESTION = 0.3;

    private final Workload workload;
    private final long seed;
    private final SearchControl control;
    private final UnitGraph graph;
    private final List<UnitGraph> phases;

    PhaseSearch(Workload workload, long seed, SearchControl control) {
        this.workload = workload;
        this.seed = seed;
        this.control = control;
        this.graph = Reduction.reduce(workload);
        this.phases = List.of(graph.of(workload.onlyPhase(false)), graph.of(workload.onlyPhase(true)));
    }

    PartitionOutcome solve() {
        double[] least =
                phases.stream().mapToDouble(phase -> new Bounds(phase).any()).toArray();
        double anyBound = Math.max(new Bounds(graph).any(), least[0] + least[1]);
        if (Double.isInfinite(anyBound)) {
            return new PartitionOutcome.Infeasible(Limits.reason(graph));
        }
        PartitionOutcome throughput = Partitioner.solve(workload, seed, control.withShareOfTime(SHARE_OF_THROUGHPUT));
        Split start = PartitionOutcome.split(throughput);
        if (start == null) {
            return throughput;
        }
        LeastSum search = new LeastSum(phases, least, graph.deviceOfUnit(start.deviceOfNode()));
        cutOrders(search);
        // No sum of two largest loads is below the largest sum of two loads.
        double bound = Math.max(anyBound, start.lowerBound());
        if (graph.units() <= LARGE) {
            prove(search);
            bound = Math.max(bound, search.bound());
        }
        double value = search.value();
        boolean any = anyBound >= bound * (1 - LeastSum.EXACT) && !graph.fusesClasses();
        BoundKind kind = any ? BoundKind.ANY : BoundKind.CONTIGUOUS;
        Split split = new Split(graph.deviceOfNode(search.best()), value, Math.min(value, bound), kind);
        return bound >= value * (1 - LeastSum.EXACT)
                ? new PartitionOutcome.Optimal(split)
                : new PartitionOutcome.Feasible(split);
    }

    private void cutOrders(LeastSum search) {
        int[] order = new int[graph.units()];
        Arrays.setAll(order, position -> position);
        SearchControl share = control.withShareOfTime(SHARE_OF_REORDERING);
        long work = search.cut(new OrderOfPhases(phases, order), share);
        Reordering reordering = new Reordering(graph, seed);
        long most = graph.units() > LARGE ? 0 : REORDERING_WORK;
        for (int round = 0; round < MOST_REORDERINGS && work < most && !share.stopped(); round++) {
            work += search.cut(new OrderOfPhases(phases, reordering.next(search.best())), share);
        }
    }

    private void prove(LeastSum search) {
        IdealSearch exact = new IdealSearch(phases, control.withShareOfTime(SHARE_OF_PROOF));
        if (!search.prove(exact::decide)) {
            search.raise(
                    limits -> new IdealSearch(phases, control.withShareOfTime(SHARE_OF_QUESTION)).decide(limits),
                    control);
        }
    }
}
