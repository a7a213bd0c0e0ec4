package dev.pipelinejob.placement.partition.tree;

import dev.pipelinejob.placement.partition.BoundKind;
import dev.pipelinejob.placement.partition.PartitionOutcome;
import dev.pipelinejob.placement.partition.Partitioner;
import dev.pipelinejob.placement.partition.Reduction;
import dev.pipelinejob.placement.partition.Reordering;
import dev.pipelinejob.placement.partition.SearchControl;
import dev.pipelinejob.placement.partition.Split;
import dev.pipelinejob.placement.partition.UnitGraph;
import dev.pipelinejob.placement.topology.Slot;
import dev.pipelinejob.placement.topology.Topology;
import dev.pipelinejob.placement.workload.Workload;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Cuts orders of the units on a tree: the canonical one, the ones of splits that do not know the tree, and random ones
/// in which the best split so far stays consecutive.
final class TreeSearch {
    private static final double EXACT = 1e-9;
    private static final double COARSE = 1e-4;

    /// Above this many cuts, an order is cut at a choice of positions only.
    private static final int MOST_CUTS = 12_000;

    /// Where all positions are too many for a first answer, this many are tried before.
    private static final int FIRST_CUTS = 400;

    /// Above this many units, orders of splits that do not know the tree are not asked for.
    private static final int LARGE = 20_000;

    private static final int REFINEMENTS = 2;
    private static final int MOST_REORDERINGS = 400;
    private static final long REORDERING_WORK = 40_000_000;
    private static final int IDLE_REORDERINGS = 150;
    private static final double SHARE_OF_FIRST_ORDER = 0.4;
    private static final double SHARE_OF_FLAT = 0.3;
    private static final double MOST_FLAT_SECONDS = 3;
    private static final double SHARE_OF_ANNEALING = 0.4;
    private static final double SHARE_OF_QUICK_ANNEALING = 0.7;
    private static final double QUICK_EFFORT = 0.15;
    private static final long MOST_TABLE = 10_000_000;
    private static final double MILLIS_PER_SECOND = 1000;

    private final Workload workload;
    private final Topology tree;
    private final double bytesPerMilli;
    private final long seed;
    private final SearchControl control;
    private SearchControl share;
    private final TreeShape shape;
    private final UnitGraph graph;
    private final Tensors tensors;
    private final TreeLoads loads;
    private final int[] leafAtPlace;
    private int @Nullable [] best;
    /// The flat split on the leaves in pipeline order, where memory allows that.
    private int @Nullable [] laid;

    /// Flat splits on the leaves as the file lists them: judged at the end only, so that they steer nothing.
    private final List<int @Nullable []> plain = new ArrayList<>();

    private double value = Double.POSITIVE_INFINITY;
    private double bound;
    private BoundKind boundKind = BoundKind.ANY;

    /// A tree, and which of its leaves comes at each place of the order in which plain splits are laid on them.
    @SuppressWarnings("ArrayRecordComponent") // passed on at once and never compared
    record Tree(Topology topology, int[] leafAtPlace) {}

    TreeSearch(Workload workload, Tree on, double bytesPerMilli, long seed, SearchControl control) {
        this.workload = workload;
        this.tree = on.topology();
        this.leafAtPlace = on.leafAtPlace();
        this.bytesPerMilli = bytesPerMilli;
        this.seed = seed;
        this.control = control;
        this.share = control;
        this.shape = new TreeShape(tree);
        Workload priced = shape.hasLatency() ? workload.withOutputs(cost -> cost + 1) : workload;
        this.graph = Reduction.reducePairs(priced, leastMemory());
        this.tensors = Tensors.of(workload, graph.unitOfNode(), bytesPerMilli, shape.hasLatency());
        this.loads = new TreeLoads(graph, tensors, shape);
    }

    private double leastMemory() {
        return tree.slots().stream().mapToDouble(Slot::memoryBytes).min().orElse(0);
    }

    PartitionOutcome solve() {
        TreeBounds bounds = new TreeBounds(graph, shape);
        String reason = bounds.reasonWhyNothingFits();
        if (!reason.isEmpty()) {
            return new PartitionOutcome.Infeasible(reason);
        }
        bound = bounds.any();
        boundKind = graph.fusesClasses() ? BoundKind.CONTIGUOUS : BoundKind.ANY;
        int[] order = new int[graph.units()];
        Arrays.setAll(order, position -> position);
        share = graph.units() <= LARGE ? control.withShareOfTime(SHARE_OF_FIRST_ORDER) : control;
        search(order);
        share = control;
        if (graph.units() <= LARGE) {
            followFlatSplits();
            keep(laid);
            raiseBound(false);
            int[] quick = annealedQuickly();
            reorder();
            anneal();
            keep(quick);
            plain.forEach(this::keep);
            raiseBound(true);
        }
        if (best == null) {
            return new PartitionOutcome.OutOfTime();
        }
        double lowerBound = isProved() ? Math.max(bound, value * (1 - EXACT / 2)) : bound;
        Split split = new Split(
                graph.deviceOfNode(Objects.requireNonNull(best)), value, Math.min(lowerBound, value), boundKind);
        return isProved() ? new PartitionOutcome.Optimal(split) : new PartitionOutcome.Feasible(split);
    }

    /// The bound of a flat split is already by [#EXACT] below its value, and other factors round once more.
    private boolean isProved() {
        return best != null && bound >= value * (1 - 1.5 * EXACT);
    }

    private boolean keep(int @Nullable [] leafOfUnit) {
        double found = leafOfUnit == null ? Double.POSITIVE_INFINITY : loads.value(leafOfUnit);
        if (found < value) {
            best = leafOfUnit;
            value = found;
            control.found().accept(found);
            return true;
        }
        return false;
    }

    /// Cuts one order as well as it can be cut below the value so far; whether that helped.
    private boolean search(int[] order) {
        CutChoice choice = new CutChoice(graph, tensors, order);
        boolean better = false;
        boolean large = graph.units() > MOST_CUTS;
        if (graph.units() > FIRST_CUTS && best == null) {
            int[] cuts = choice.worthwhile(shape.leafCount(), large ? MOST_CUTS : FIRST_CUTS);
            better = searchAt(order, cuts, COARSE);
        }
        for (int round = 0; large && best != null && round < REFINEMENTS; round++) {
            int[] cuts = choice.around(Objects.requireNonNull(best), shape.leafCount(), MOST_CUTS / 4);
            better |= searchAt(order, cuts, COARSE);
        }
        if (!large) {
            better |= searchAt(order, choice.all(), EXACT);
        }
        return better;
    }

    private boolean searchAt(int[] order, int[] cuts, double tolerance) {
        OrderOnTree split = new OrderOnTree(graph, tensors, shape, order, cuts);
        double low = bound;
        double step = 1.05;
        boolean first = best != null;
        boolean better = false;
        while (low < value * (1 - tolerance) && !share.stopped()) {
            double limit = (low + value) / 2;
            if (first) {
                limit = value * (1 - tolerance);
                first = false;
            } else if (Double.isInfinite(value)) {
                limit = Math.max(low * step, Double.MIN_NORMAL);
                step *= step;
            }
            OrderOnTree.Decision decision = split.decide(limit);
            if (decision.leafOfUnit() != null) {
                better |= keep(decision.leafOfUnit());
            } else if (Double.isInfinite(decision.nextMillis())) {
                break;
            } else {
                low = Math.max(limit, decision.nextMillis() * (1 - 1e-12));
            }
        }
        return better;
    }

    /// Starts from the best split over equal devices that know no uplink, each as good as the best leaf.
    /// Its bound holds here, too; the order of its shares is one in which laying it on the leaves is a
    /// way to cut.
    private void followFlatSplits() {
        double fastest =
                tree.slots().stream().mapToDouble(Slot::relativeSpeed).max().orElse(1);
        double flatBound = followFlatSplit(fastest);
        if (flatBound > bound) {
            bound = flatBound;
            boundKind = BoundKind.CONTIGUOUS;
        }
        if (fastest != 1) {
            followFlatSplit(1);
        }
    }

    private double followFlatSplit(double speed) {
        if (isProved() || control.stopped()) {
            return 0;
        }
        double port = tree.slots().stream()
                .mapToDouble(Slot::portBytesPerSecond)
                .max()
                .orElse(1);
        Workload flat = workload.withOutputs(cost -> cost * bytesPerMilli * MILLIS_PER_SECOND / port)
                .withAcceleratorTimes(millis -> millis / speed);
        SearchControl share = control.withShareOfTime(SHARE_OF_FLAT)
                .atMostSeconds(MOST_FLAT_SECONDS)
                .telling(_ -> {});
        Split split = PartitionOutcome.split(Partitioner.solve(flat, seed, share));
        if (split == null) {
            return 0;
        }
        int[] deviceOfUnit = new int[graph.units()];
        int[] deviceOfNode = split.deviceOfNode();
        for (int node = 0; node < deviceOfNode.length; node++) {
            deviceOfUnit[graph.unitOfNode()[node]] = deviceOfNode[node];
        }
        int[] places = new int[shape.leafCount()];
        Arrays.setAll(places, place -> place);
        laid = onLeaves(deviceOfUnit, places);
        plain.add(onLeaves(deviceOfUnit, leafAtPlace));
        search(new Reordering(graph, seed).next(deviceOfUnit));
        return split.lowerBound();
    }

    /// The flat split itself, its shares on the leaves in pipeline order: when time is short, the best there may be.
    /// Null when some share is too large for its leaf.
    private int @Nullable [] onLeaves(int[] deviceOfUnit, int[] places) {
        int[] order = new Reordering(graph, seed).next(deviceOfUnit);
        int[] leafOfUnit = new int[deviceOfUnit.length];
        double bytes = 0;
        int place = 0;
        for (int position = 0; position < order.length; position++) {
            int unit = order[position];
            boolean begins = position > 0 && deviceOfUnit[unit] != deviceOfUnit[order[position - 1]];
            place += begins ? 1 : 0;
            int leaf = places[place];
            bytes = graph.bytes(unit) + (begins ? 0 : bytes);
            leafOfUnit[unit] = leaf;
            if (bytes > shape.leaf(leaf).memoryBytes() || !graph.supported(unit)) {
                return null;
            }
        }
        return leafOfUnit;
    }

    /// Asks the links of each level: whether the best split is proved, or also how far the bound can be raised.
    private void raiseBound(boolean further) {
        if (best == null || isProved() || control.stopped()) {
            return;
        }
        LevelBounds levels = new LevelBounds(graph, tensors, shape, control);
        double limit = value * (1 - EXACT);
        double raised = further ? levels.raise(bound, value) : levels.refutes(limit) ? limit : 0;
        if (raised > bound) {
            bound = raised;
            boundKind = graph.fusesClasses() ? BoundKind.CONTIGUOUS : BoundKind.ANY;
        }
    }

    /// A first taste of what annealing brings, for searches that end soon. It is kept at the end, because the orders
    /// to come start from a split that is a cut of one.
    private int @Nullable [] annealedQuickly() {
        if (best == null || !canAnneal()) {
            return null;
        }
        TreeAnnealing annealing = new TreeAnnealing(graph, tensors, shape, seed);
        SearchControl share = control.withShareOfTime(SHARE_OF_QUICK_ANNEALING);
        int[] quick = annealing.better(best, QUICK_EFFORT, bound, share);
        control.found().accept(loads.value(quick));
        return quick;
    }

    private boolean canAnneal() {
        return (long) tensors.count() * shape.nodes() <= MOST_TABLE && !isProved() && !control.stopped();
    }

    /// Lets domains take shares from several places of the chain.
    private void anneal() {
        if (canAnneal()) {
            TreeAnnealing annealing = new TreeAnnealing(graph, tensors, shape, seed);
            annealFrom(annealing, best);
            annealFrom(annealing, laid);
        }
    }

    private void annealFrom(TreeAnnealing annealing, int @Nullable [] start) {
        if (start != null && !isProved() && !control.stopped()) {
            keep(annealing.better(start, 1, bound, control.withShareOfTime(SHARE_OF_ANNEALING)));
        }
    }

    private void reorder() {
        Reordering reordering = new Reordering(graph, seed);
        long perOrder = (1L + graph.units()) * (64 + graph.units() / 8);
        long rounds = Math.clamp(REORDERING_WORK / perOrder * 4, 8, MOST_REORDERINGS);
        int idle = 0;
        for (long round = 0; round < rounds && idle < IDLE_REORDERINGS && !isProved(); round++) {
            if (best == null || control.stopped()) {
                return;
            }
            idle = search(reordering.next(Objects.requireNonNull(best))) ? 0 : idle + 1;
        }
    }
}
