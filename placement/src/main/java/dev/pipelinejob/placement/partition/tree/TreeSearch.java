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

    /// As near to the best cut of an order as a search comes that ends soon; another order brings more.
    private static final double SOON = 2e-3;

    /// Above this many cuts, an order is cut at a choice of positions only.
    private static final int MOST_CUTS = 12_000;

    /// Where all positions are too many for a first answer, this many are tried before.
    private static final int FIRST_CUTS = 400;

    /// Above this many units, orders of splits that do not know the tree are not asked for.
    private static final int LARGE = 20_000;

    private static final int REFINEMENTS = 2;
    private static final int IDLE_REORDERINGS = 150;
    private static final double SHARE_OF_FIRST_ORDER = 0.4;
    private static final double SHARE_OF_FLAT = 0.3;

    /// Parts of a round's work in a search that ends soon: for a plain split, and for a bound.
    private static final double SHARE_OF_SOON = 0.6;

    /// Work of one round of improvement, and more for each unit.
    private static final long STEPS_A_ROUND = 50_000_000;

    private static final long STEPS_A_UNIT = 20_000;
    private static final long MOST_STEPS_A_UNIT = 300_000;

    /// Of the time, where only time ends the rounds; the rest is for the bound.
    private static final double SHARE_OF_ROUNDS = 0.8;

    private static final double SHARE_OF_ANNEALING = 0.6;

    /// A round that brings less than this part no longer pays.
    private static final double PAYS = 0.01;

    /// A gap that rounds are not worth the while for.
    private static final double VERY_NEAR = 0.01;

    private static final long MOST_TABLE = 10_000_000;
    private static final double MILLIS_PER_SECOND = 1000;

    private final Workload workload;
    private final Topology tree;
    private final double bytesPerMilli;
    private final long seed;
    private final Patience patience;
    private final SearchControl control;
    private SearchControl share;
    private final TreeShape shape;
    private final UnitGraph graph;
    private final Tensors tensors;
    private final TreeLoads loads;
    private final int[] leafAtPlace;
    private int @Nullable [] best;
    /// The best split that is a cut of an order: other orders start from it.
    private int @Nullable [] cut;

    private double valueOfCut = Double.POSITIVE_INFINITY;
    /// The flat split on the leaves in pipeline order, where memory allows that.
    private int @Nullable [] laid;

    /// Flat splits on the leaves as the file lists them: judged at the end only, so that they steer nothing.
    private final List<int @Nullable []> plain = new ArrayList<>();

    private double value = Double.POSITIVE_INFINITY;
    private double bound;
    /// The value below which a bound was asked for last.
    private double valueOfBound;

    private BoundKind boundKind = BoundKind.ANY;

    /// A tree, and which of its leaves comes at each place of the order in which plain splits are laid on them.
    @SuppressWarnings("ArrayRecordComponent") // passed on at once and never compared
    record Tree(Topology topology, int[] leafAtPlace) {}

    TreeSearch(Workload workload, Tree on, double bytesPerMilli, long seed, Patience patience, SearchControl control) {
        this.workload = workload;
        this.tree = on.topology();
        this.leafAtPlace = on.leafAtPlace();
        this.bytesPerMilli = bytesPerMilli;
        this.seed = seed;
        this.patience = patience;
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
        SearchControl first = patience.endsWhenIdle() ? control.limitedTo(stepsOfRound()) : control;
        share = graph.units() <= LARGE ? first.withShareOfTime(SHARE_OF_FIRST_ORDER) : control;
        search(order);
        if (graph.units() <= LARGE) {
            followFlatSplits(first);
            keep(laid);
            improve();
            plain.forEach(this::keep);
            raiseBound();
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

    /// Steps of the first round, in which a first order and a plain split are found, too, and of each other one.
    private long stepsOfRound() {
        return Math.min(STEPS_A_ROUND + STEPS_A_UNIT * graph.units(), MOST_STEPS_A_UNIT * graph.units());
    }

    /// Whether to end after so many rounds in a row that did not pay.
    private boolean isEnough(int idle) {
        return patience.endsWhenIdle()
                ? isWithin(VERY_NEAR) || idle > (isWithin(patience.gap()) ? 0 : 1)
                : isWithin(patience.gap());
    }

    private boolean isWithin(double gap) {
        return isProved() || bound >= value * (1 - gap);
    }

    /// Rounds of annealing and of other orders, each with as much work.
    private void improve() {
        int idle = 0;
        SearchControl rounds = control.withShareOfTime(SHARE_OF_ROUNDS);
        for (long number = 0; best != null && !isProved() && !rounds.stopped(); number++) {
            double before = value;
            SearchControl round = rounds.limitedTo(stepsOfRound());
            long steps = (long) (SHARE_OF_ANNEALING * round.timeLeft());
            anneal(number % 2 == 0 || laid == null ? best : laid, steps, seed + number, round);
            reorder(seed + number, round);
            idle = value < before * (1 - PAYS) ? 0 : idle + 1;
            if (number == 0 && !isWithin(VERY_NEAR)) {
                raiseBound();
            }
            if (isEnough(idle)) {
                return;
            }
        }
    }

    private boolean keepCut(int[] leafOfUnit) {
        double found = loads.value(leafOfUnit);
        if (found < valueOfCut) {
            cut = leafOfUnit;
            valueOfCut = found;
            keep(leafOfUnit);
            return true;
        }
        return false;
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

    /// Cuts one order as well as it can be cut below the best cut so far; whether that helped.
    private boolean search(int[] order) {
        CutChoice choice = new CutChoice(graph, tensors, order);
        boolean better = false;
        boolean large = graph.units() > MOST_CUTS;
        if (graph.units() > FIRST_CUTS && cut == null) {
            int[] cuts = choice.worthwhile(shape.leafCount(), large ? MOST_CUTS : FIRST_CUTS);
            better = searchAt(order, cuts, COARSE);
        }
        for (int round = 0; large && cut != null && round < REFINEMENTS; round++) {
            int[] cuts = choice.around(Objects.requireNonNull(cut), shape.leafCount(), MOST_CUTS / 4);
            better |= searchAt(order, cuts, COARSE);
        }
        if (!large) {
            better |= searchAt(order, choice.all(), EXACT);
        }
        return better;
    }

    private boolean searchAt(int[] order, int[] cuts, double tolerance) {
        double finest = patience.endsWhenIdle() ? Math.max(tolerance, SOON) : tolerance;
        OrderOnTree split = new OrderOnTree(graph, tensors, shape, order, cuts);
        double low = bound;
        double step = 1.05;
        boolean first = cut != null;
        boolean better = false;
        while (low < valueOfCut * (1 - (first ? tolerance : finest)) && !share.stopped()) {
            double limit = (low + valueOfCut) / 2;
            if (first) {
                limit = valueOfCut * (1 - tolerance);
                first = false;
            } else if (Double.isInfinite(valueOfCut)) {
                limit = Math.max(low * step, Double.MIN_NORMAL);
                step *= step;
            }
            OrderOnTree.Decision decision = split.decide(limit);
            share.spend(split.steps());
            if (decision.leafOfUnit() != null) {
                better |= keepCut(decision.leafOfUnit());
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
    private void followFlatSplits(SearchControl first) {
        double fastest =
                tree.slots().stream().mapToDouble(Slot::relativeSpeed).max().orElse(1);
        double flatBound = followFlatSplit(fastest, first);
        if (flatBound > bound) {
            bound = flatBound;
            boundKind = BoundKind.CONTIGUOUS;
        }
        if (fastest != 1) {
            followFlatSplit(1, first);
        }
    }

    private double followFlatSplit(double speed, SearchControl first) {
        if (isProved() || control.stopped()) {
            return 0;
        }
        double port = tree.slots().stream()
                .mapToDouble(Slot::portBytesPerSecond)
                .max()
                .orElse(1);
        Workload flat = workload.withOutputs(cost -> cost * bytesPerMilli * MILLIS_PER_SECOND / port)
                .withAcceleratorTimes(millis -> millis / speed);
        Split split = patience.endsWhenIdle() ? soon(flat) : null;
        double bound = split == null ? 0 : split.lowerBound();
        if (patience.plainSeconds() > 0 && (split == null || bound < split.value() * (1 - EXACT))) {
            SearchControl time = control.withShareOfTime(SHARE_OF_FLAT).atMostSeconds(patience.plainSeconds());
            Split better = PartitionOutcome.split(Partitioner.solve(flat, seed, time.telling(_ -> {})));
            bound = Math.max(bound, better == null ? 0 : better.lowerBound());
            split = better != null && (split == null || better.value() < split.value()) ? better : split;
        }
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
        share = first.withShareOfTime(SHARE_OF_FLAT);
        search(new Reordering(graph, seed).next(deviceOfUnit));
        return bound;
    }

    private @Nullable Split soon(Workload flat) {
        SearchControl work = control.limitedTo((long) (SHARE_OF_SOON * stepsOfRound()));
        return PartitionOutcome.split(Partitioner.solveSoon(flat, seed, work.telling(_ -> {})));
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

    /// Asks the links of each level how far the bound can be raised.
    private void raiseBound() {
        if (best == null || isProved() || value == valueOfBound || control.stopped()) {
            return;
        }
        valueOfBound = value;
        SearchControl share =
                patience.endsWhenIdle() ? control.limitedTo((long) (SHARE_OF_SOON * stepsOfRound())) : control;
        double raised = new LevelBounds(graph, tensors, shape, share).raise(bound, value);
        if (raised > bound) {
            bound = raised;
            boundKind = graph.fusesClasses() ? BoundKind.CONTIGUOUS : BoundKind.ANY;
        }
    }

    /// Lets domains take shares from several places of the chain.
    private void anneal(int[] start, long steps, long seedOfRound, SearchControl round) {
        if ((long) tensors.count() * shape.nodes() <= MOST_TABLE) {
            TreeAnnealing annealing = new TreeAnnealing(graph, tensors, shape, seedOfRound);
            keep(annealing.better(start, steps, bound, round));
        }
    }

    /// Cuts random orders in which the best cut so far stays consecutive.
    private void reorder(long seedOfRound, SearchControl round) {
        Reordering reordering = new Reordering(graph, seedOfRound);
        share = round;
        for (int idle = 0; idle < IDLE_REORDERINGS && cut != null && !isProved() && !round.stopped(); ) {
            idle = search(reordering.next(cut)) ? 0 : idle + 1;
        }
    }
}
