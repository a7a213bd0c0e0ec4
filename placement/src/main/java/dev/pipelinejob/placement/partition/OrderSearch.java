package dev.pipelinejob.placement.partition;

import org.jspecify.annotations.Nullable;

/// The best split of one order, by asking for smaller and smaller limits.
final class OrderSearch {
    private static final int MOST_PROBES = 200;
    private static final double FIRST_STEP = 1.02;
    private static final double MOST_STEP = 4;
    private static final double ROUNDING = 1e-12;

    private final UnitGraph graph;

    OrderSearch(UnitGraph graph) {
        this.graph = graph;
    }

    /// The best split of an order.
    ///
    /// @param deviceOfUnit the split; null when the order has none below the limit that was asked for
    /// @param value its largest load
    /// @param lowerBound no split of this order is below
    @SuppressWarnings("ArrayRecordComponent") // passed on at once and never compared
    record Found(int @Nullable [] deviceOfUnit, double value, double lowerBound) {}

    /// Searches below a value that is known already.
    ///
    /// @param lowerBound a value that no split can be below
    /// @param below only better splits than this count; infinite when there is none yet
    /// @param tolerance how far, relatively, the answer may be above the best of the order
    Found search(int[] order, double lowerBound, double below, double tolerance, SearchControl control) {
        OrderSplit split = new OrderSplit(graph, order);
        int[] best = null;
        double low = lowerBound;
        double high = below;
        double step = FIRST_STEP;
        for (int probe = 0; probe < MOST_PROBES && low < high * (1 - tolerance) && !control.stopped(); probe++) {
            double limit = (low + high) / 2;
            if (Double.isInfinite(high)) {
                limit = Math.max(low * step, Double.MIN_NORMAL);
                step = Math.min(step * step, MOST_STEP);
            } else if (probe == 0) {
                limit = high * (1 - tolerance);
            }
            OrderSplit.Decision decision = split.decide(limit);
            control.spend(split.steps());
            if (decision.deviceOfUnit() != null) {
                best = decision.deviceOfUnit();
                high = Math.min(high, Math.max(graph.value(best), lowerBound));
            } else {
                low = Math.max(low, Math.max(limit, decision.nextMillis() * (1 - ROUNDING)));
            }
        }
        return new Found(best, best == null ? below : high, Math.min(low, best == null ? low : high));
    }
}
