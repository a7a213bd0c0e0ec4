package dev.pipelinejob.placement.partition;

import java.util.Arrays;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Contiguous splits: a good one from cutting orders, then the proof, or what can be proved in the time.
final class ContiguousSearch {
    /// How far below a value the next one must be to count as better; the proofs are as exact as this.
    static final double EXACT = 1e-9;

    /// Above this many units one order is cut, to a coarser tolerance, and that is all.
    private static final int LARGE = 20_000;

    private static final double COARSE = 1e-6;
    private static final long REORDERING_WORK = 4_000_000;
    private static final int MOST_REORDERINGS = 400;
    private static final int FIRST_REORDERINGS = 20;

    /// Shares of the time that is left when each begins.
    private static final double SHARE_OF_PROOF = 0.1;

    private static final double SHARE_OF_EASY_PROOF = 0.3;

    private static final double SHARE_OF_WALKING = 0.45;
    private static final double SHARE_OF_ANNEALING = 0.15;
    private static final double SHARE_OF_COVERING = 0.7;
    private static final double SHARE_OF_BOUND = 0.3;

    /// Of the bound by what devices can earn.
    private static final int MOST_STATES = 12_000;

    /// Bounds that are this close to what could not be proved are not raised further.
    private static final double FINEST_BOUND = 0.002;

    private final UnitGraph graph;
    private final long seed;
    private final SearchControl control;
    private final Reordering reordering;
    private final OrderSearch orders;
    private int @Nullable [] best;
    private double value = Double.POSITIVE_INFINITY;
    private double contiguousBound;

    ContiguousSearch(UnitGraph graph, long seed, SearchControl control) {
        this.graph = graph;
        this.seed = seed;
        this.control = control;
        this.reordering = new Reordering(graph, seed);
        this.orders = new OrderSearch(graph);
    }

    /// Searches as far as time goes.
    PartitionOutcome solve() {
        return outcome(() -> {
            improveByReordering(MOST_REORDERINGS);
            return isProved() || prove();
        });
    }

    /// Searches for a split that is good soon, and for a proof where that is easy.
    PartitionOutcome solveSoon() {
        return outcome(() -> {
            improveByReordering(FIRST_REORDERINGS);
            boolean proved =
                    isProved() || (graph.units <= LARGE && proveWithin(control.withShareOfTime(SHARE_OF_EASY_PROOF)));
            if (!proved && best != null && graph.units <= LARGE) {
                keep(new ContiguousAnnealing(graph, seed).better(best, contiguousBound, control));
            }
            return proved;
        });
    }

    /// What comes of a first order and of a search that goes on from there and says whether it ended with a proof.
    private PartitionOutcome outcome(BooleanSupplier search) {
        double anyBound = new Bounds(graph).any();
        if (Double.isInfinite(anyBound)) {
            return new PartitionOutcome.Infeasible(Limits.reason(graph));
        }
        contiguousBound = anyBound;
        cutFirstOrder(anyBound);
        boolean proved = search.getAsBoolean();
        if (best == null) {
            return proved ? new PartitionOutcome.Infeasible(Limits.reason(graph)) : new PartitionOutcome.OutOfTime();
        }
        double bound = proved ? value : contiguousBound;
        boolean any = anyBound >= bound * (1 - EXACT) && !graph.fusesClasses();
        Split split = split(bound, any ? BoundKind.ANY : BoundKind.CONTIGUOUS);
        return proved ? new PartitionOutcome.Optimal(split) : new PartitionOutcome.Feasible(split);
    }

    private Split split(double bound, BoundKind kind) {
        int[] found = Objects.requireNonNull(best);
        return new Split(graph.deviceOfNode(found), value, Math.min(bound, value), kind);
    }

    private boolean isProved() {
        return best != null && contiguousBound >= value * (1 - EXACT);
    }

    private void cutFirstOrder(double anyBound) {
        int[] order = new int[graph.units];
        Arrays.setAll(order, position -> position);
        double tolerance = graph.units > LARGE ? COARSE : EXACT;
        OrderSearch.Found found = orders.search(order, anyBound, Double.POSITIVE_INFINITY, tolerance, control);
        keep(found.deviceOfUnit());
    }

    private void keep(int @Nullable [] deviceOfUnit) {
        if (deviceOfUnit != null) {
            double found = graph.value(deviceOfUnit);
            if (found < value) {
                best = deviceOfUnit;
                value = found;
                control.found().accept(found);
            }
        }
    }

    private void improveByReordering(int most) {
        long perOrder = 1L + graph.units + graph.pins.items().length;
        long rounds = graph.units > LARGE ? 0 : Math.min(REORDERING_WORK / perOrder, most);
        for (long round = 0; round < rounds && best != null && !isProved() && !control.stopped(); round++) {
            int[] order = round % 2 == 0 ? reordering.across(best) : reordering.next(best);
            OrderSearch.Found found = orders.search(order, contiguousBound, value, EXACT, control);
            keep(found.deviceOfUnit());
        }
    }

    /// Asks for better and better splits until there are none; whether that was proved.
    ///
    /// When the question is too hard for its share of the time, other orders get a share, then units move between
    /// neighbouring devices: in this order, because splits that were annealed leave orders little room. Then come
    /// the bound by what devices can earn and smaller limits, which are easier: where no split is below such a
    /// limit, it is a bound.
    private boolean prove() {
        if (graph.units > LARGE) {
            return false;
        }
        boolean proved = proveWithin(control.withShareOfTime(SHARE_OF_PROOF));
        if (proved || best == null) {
            return proved;
        }
        SearchControl walking = control.withShareOfTime(SHARE_OF_WALKING);
        keep(new OrderWalk(graph, seed, walking).better(best, contiguousBound));
        SearchControl moves = control.withShareOfTime(SHARE_OF_ANNEALING);
        keep(new ContiguousAnnealing(graph, seed).better(best, contiguousBound, moves));
        cover(false, SHARE_OF_COVERING);
        cover(true, SHARE_OF_COVERING);
        raiseBound();
        return isProved();
    }

    private boolean proveWithin(SearchControl share) {
        IdealSearch search = new IdealSearch(graph, share);
        while (!isProved()) {
            double limit = best == null ? Limits.enough(graph) : value * (1 - EXACT);
            IdealSearch.Decision decision = search.decide(limit);
            if (decision.deviceOfUnit() != null) {
                keep(decision.deviceOfUnit());
            } else if (decision.isDecided()) {
                contiguousBound = limit;
                return true;
            } else {
                return false;
            }
        }
        return true;
    }

    /// Shares of any shape make fewer states, so that fewer nets must be left out; contiguous ones are fewer.
    private void cover(boolean contiguous, double shareOfTime) {
        SearchControl share = control.withShareOfTime(shareOfTime);
        contiguousBound = new CoverBound(graph, contiguous, value, MOST_STATES, share).raise(contiguousBound);
    }

    private void raiseBound() {
        double high = value;
        while (contiguousBound < high * (1 - FINEST_BOUND) && !control.stopped()) {
            double limit = (contiguousBound + high) / 2;
            IdealSearch search = new IdealSearch(graph, control.withShareOfTime(SHARE_OF_BOUND));
            IdealSearch.Decision decision = search.decide(limit);
            if (decision.isRefusal()) {
                contiguousBound = limit;
            } else {
                keep(decision.deviceOfUnit());
                high = limit;
            }
        }
    }
}
