package dev.pipelinejob.placement.partition;

/// What the best cut of one order is worth.
public final class OrderValue {
    private static final double TOLERANCE = 1e-6;

    private OrderValue() {}

    /// The value of a cut that is within [#TOLERANCE] of the order's best; infinite when the order has none that fits.
    public static double best(UnitGraph graph, int[] order, SearchControl control) {
        double bound = new Bounds(graph).any();
        return Double.isInfinite(bound)
                ? bound
                : new OrderSearch(graph)
                        .search(order, bound, Double.POSITIVE_INFINITY, TOLERANCE, control)
                        .value();
    }
}
