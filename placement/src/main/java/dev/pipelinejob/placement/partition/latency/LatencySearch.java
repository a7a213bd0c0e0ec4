package dev.pipelinejob.placement.partition.latency;

import dev.pipelinejob.placement.partition.BoundKind;
import dev.pipelinejob.placement.partition.Bounds;
import dev.pipelinejob.placement.partition.Limits;
import dev.pipelinejob.placement.partition.PartitionOutcome;
import dev.pipelinejob.placement.partition.Reduction;
import dev.pipelinejob.placement.partition.Reordering;
import dev.pipelinejob.placement.partition.SearchControl;
import dev.pipelinejob.placement.partition.Split;
import dev.pipelinejob.placement.partition.UnitGraph;
import dev.pipelinejob.placement.workload.Workload;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// Cuts orders as if shares ran one after the other, then moves units at random, with ever less tolerance for later
/// completion.
final class LatencySearch {
    private static final double EXACT = 1e-9;
    private static final double SHARE_OF_CUTTING = 0.25;
    private static final int MOST_ORDERS = 200;
    private static final int IDLE_ORDERS = 40;
    private static final int CYCLES = 12;
    private static final long MOVES_A_UNIT = 2_000;
    private static final double HOT = 0.02;
    private static final double COLD = 1e-6;

    private final Workload workload;
    private final UnitGraph graph;
    private final SearchControl control;
    private final SplittableRandom random;
    private final Completion completion;
    private final long seed;
    private final int[] deviceOfNode;
    private int @Nullable [] best;
    private double value = Double.POSITIVE_INFINITY;
    private double bound;

    LatencySearch(Workload workload, long seed, SearchControl control) {
        this.workload = workload;
        this.graph = Reduction.reduce(workload);
        this.control = control;
        this.seed = seed;
        this.random = new SplittableRandom(seed);
        this.completion = new Completion(workload);
        this.deviceOfNode = new int[workload.nodes()];
    }

    PartitionOutcome solve() {
        if (Double.isInfinite(new Bounds(graph).any())) {
            return new PartitionOutcome.Infeasible(Limits.reason(graph));
        }
        bound = new PathBound(workload).millis();
        cutOrders(control.withShareOfTime(SHARE_OF_CUTTING));
        for (int cycle = 0; cycle < CYCLES && best != null && !isProved() && !control.stopped(); cycle++) {
            anneal(best, HOT / (1 + cycle));
        }
        if (best == null) {
            return new PartitionOutcome.OutOfTime();
        }
        double lowerBound = isProved() ? Math.max(bound, value * (1 - EXACT)) : bound;
        Split split = new Split(graph.deviceOfNode(best), value, Math.min(lowerBound, value), BoundKind.ANY);
        return isProved() ? new PartitionOutcome.Optimal(split) : new PartitionOutcome.Feasible(split);
    }

    private boolean isProved() {
        return best != null && bound >= value * (1 - EXACT);
    }

    private double millis(int[] deviceOfUnit) {
        for (int node = 0; node < deviceOfNode.length; node++) {
            deviceOfNode[node] = deviceOfUnit[graph.unitOfNode()[node]];
        }
        return completion.millis(deviceOfNode);
    }

    private boolean keep(int @Nullable [] deviceOfUnit) {
        double found = deviceOfUnit == null ? Double.POSITIVE_INFINITY : millis(deviceOfUnit);
        if (deviceOfUnit != null && found < value) {
            best = deviceOfUnit.clone();
            value = found;
            return true;
        }
        return false;
    }

    private void cutOrders(SearchControl share) {
        int[] order = new int[graph.units()];
        Arrays.setAll(order, position -> position);
        keep(new SerialCut(graph, order).best(control));
        if (graph.cpus() > 0) {
            int[] onCpu = new int[graph.units()];
            Arrays.fill(onCpu, graph.accelerators());
            keep(onCpu);
        }
        Reordering reordering = new Reordering(graph, seed);
        int[] together = new int[graph.units()];
        int idle = 0;
        for (int round = 0; round < MOST_ORDERS && idle < IDLE_ORDERS && !share.stopped(); round++) {
            int[] base = best == null || onSomeCpu(best) || round % 4 == 3 ? together : best;
            idle = keep(new SerialCut(graph, reordering.next(base)).best(share)) ? 0 : idle + 1;
        }
    }

    /// Whether units on CPUs make shares that need not be consecutive in any order.
    private boolean onSomeCpu(int[] deviceOfUnit) {
        return Arrays.stream(deviceOfUnit).anyMatch(device -> device >= graph.accelerators());
    }

    private void anneal(int[] start, double hot) {
        int[] now = start.clone();
        double[] bytes = new double[graph.accelerators() + 1];
        for (int unit = 0; unit < now.length; unit++) {
            bytes[now[unit]] += graph.bytes(unit);
        }
        double current = millis(now);
        double scale = Math.max(current, Double.MIN_NORMAL);
        long moves = MOVES_A_UNIT * graph.units();
        double cooling = Math.pow(COLD / HOT, 1.0 / moves);
        double temperature = hot;
        for (long move = 0; move < moves; move++) {
            temperature *= cooling;
            if ((move & 0xFF) == 0 && control.stopped()) {
                return;
            }
            int unit = random.nextInt(graph.units());
            int from = now[unit];
            int to = target(now, unit);
            boolean fits = to >= graph.accelerators()
                    || (graph.supported(unit) && bytes[to] + graph.bytes(unit) <= graph.memoryBytes());
            if (to == from || !fits) {
                continue;
            }
            now[unit] = to;
            double next = millis(now);
            if (next <= current || random.nextDouble() < Math.exp((current - next) / scale / temperature)) {
                current = next;
                bytes[from] -= graph.bytes(unit);
                bytes[to] += graph.bytes(unit);
                keep(now);
            } else {
                now[unit] = from;
            }
        }
    }

    /// Mostly the device of a neighbour in the order, sometimes any.
    private int target(int[] now, int unit) {
        int before = graph.predecessors().size(unit);
        int behind = graph.successors().size(unit);
        if (before + behind == 0 || random.nextInt(10) == 0) {
            int devices = graph.accelerators() + (graph.cpus() > 0 ? 1 : 0);
            return random.nextInt(devices);
        }
        int chosen = random.nextInt(before + behind);
        int other = chosen < before
                ? graph.predecessors().item(graph.predecessors().from(unit) + chosen)
                : graph.successors().item(graph.successors().from(unit) + chosen - before);
        return now[other];
    }
}
