package dev.pipelinejob.placement.partition;

import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// Walks through the splits of a row of orders: each order keeps shares of the last split together, but for some
/// neighbours that mix, and its cut may be a little worse than the last, ever less so. Then it walks again.
final class OrderWalk {
    private static final int ORDERS_A_WALK = 3_000;
    private static final double LOOSE = 0.01;
    private static final double TIGHT = 0.001;
    private static final int MOST_CUTS_AN_ORDER = 8;

    private final UnitGraph graph;
    private final Reordering reordering;
    private final SplittableRandom random;
    private final SearchControl control;

    OrderWalk(UnitGraph graph, long seed, SearchControl control) {
        this.graph = graph;
        this.reordering = new Reordering(graph, seed);
        this.random = new SplittableRandom(seed);
        this.control = control;
    }

    /// The best split met: the given one or a better one.
    ///
    /// @param enough no split can be below this, so that reaching it ends the walk
    int[] better(int[] start, double enough) {
        int[] best = start;
        int[] last = start;
        double value = graph.value(start);
        double cooling = Math.pow(TIGHT / LOOSE, 1.0 / ORDERS_A_WALK);
        double loose = LOOSE;
        for (int round = 1; value > enough && !control.stopped(); round++) {
            OrderSplit order = new OrderSplit(graph, reordering.across(last));
            int[] next = cut(order, graph.value(last) * (1 + loose * random.nextDouble()));
            if (next != null) {
                last = next;
            }
            if (graph.value(last) < value * (1 - ContiguousSearch.EXACT)) {
                best = last;
                value = graph.value(best);
            }
            loose = round % ORDERS_A_WALK == 0 ? LOOSE : loose * cooling;
        }
        return best;
    }

    /// A split of the order within the limit, made better as long as that is easy.
    private int @Nullable [] cut(OrderSplit order, double limit) {
        int[] found = order.decide(limit).deviceOfUnit();
        int[] next = found;
        for (int cut = 1; cut < MOST_CUTS_AN_ORDER && next != null; cut++) {
            found = next;
            next = order.decide(graph.value(found) * (1 - ContiguousSearch.EXACT))
                    .deviceOfUnit();
        }
        return next == null ? found : next;
    }
}
