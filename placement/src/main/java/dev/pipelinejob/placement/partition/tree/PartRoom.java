package dev.pipelinejob.placement.partition.tree;

import dev.pipelinejob.placement.partition.IntLists;
import dev.pipelinejob.placement.partition.SearchControl;
import dev.pipelinejob.placement.partition.UnitGraph;

/// How much of the units one part of a level can hold within a limit: with a group of them, and without it.
final class PartRoom {
    /// Cuts that one question asks for at most.
    static final int MOST_PRICES = 8;

    private static final double ROUNDING = 1e-10;
    private static final double STEP = 4;

    private final UnitGraph graph;
    private final Tensors tensors;
    private final Groups groups;
    private final SearchControl control;
    private final int sends;
    private final int gets;
    private final int end;

    PartRoom(UnitGraph graph, Tensors tensors, Groups groups, SearchControl control) {
        this.graph = graph;
        this.tensors = tensors;
        this.groups = groups;
        this.control = control;
        this.sends = graph.units();
        this.gets = sends + tensors.count();
        this.end = gets + tensors.count();
    }

    double allWork() {
        double work = 0;
        for (int unit = 0; unit < graph.units(); unit++) {
            work += graph.work(unit);
        }
        return work;
    }

    /// Prices of traffic that are tried one after the other: dearer where a set with the least has too much of it.
    private static final class Prices {
        private double price;
        private double low;
        private double high = Double.POSITIVE_INFINITY;

        Prices(double first) {
            price = first;
        }

        void next(boolean isTooMuch) {
            if (isTooMuch) {
                low = price;
            } else {
                high = price;
            }
            price = Double.isInfinite(high) ? STEP * low : low == 0 ? high / STEP : Math.sqrt(low * high);
        }
    }

    /// Whether a part of this type cannot hold a group within the limit.
    boolean isExcluded(NodeType part, int anchor, double limit) {
        if (groups.work(anchor) > limit * part.speed() * (1 + ROUNDING)
                || groups.bytes(anchor) > part.memoryBytes() * (1 + ROUNDING)) {
            return true;
        }
        double[] millis = millis(part);
        Prices prices = new Prices(part.isLeaf() ? 2 * part.speed() : part.speed());
        for (int attempt = 0; attempt < (part.isLeaf() ? 1 : MOST_PRICES); attempt++) {
            MinimumCut network = traffic(millis, prices.price / 2);
            for (int unit = 0; unit < graph.units(); unit++) {
                if (groups.of(unit) == unit) {
                    network.arc(unit, end, groups.work(unit));
                }
            }
            double most = limit * (part.isLeaf() ? part.speed() : part.speed() + prices.price) * (1 + ROUNDING);
            double sent = network.flow(anchor, end, most);
            control.spend(network.steps());
            if (sent > most) {
                return true;
            }
            prices.next(trafficOf(network, millis) > limit);
        }
        return false;
    }

    /// The most work that a part of this type can do within the limit when it does not hold a group, or more.
    double without(NodeType part, int anchor, double limit) {
        double most = limit * part.speed();
        double fastest = fastestLeaf(part);
        double largest = largestLeaf(part);
        double possible = 0;
        boolean[] isAway = new boolean[graph.units()];
        for (int unit = 0; unit < isAway.length; unit++) {
            if (groups.of(unit) == unit) {
                isAway[unit] = unit == anchor || groups.work(unit) > limit * part.speed() * (1 + ROUNDING);
            }
        }
        for (int unit = 0; unit < isAway.length; unit++) {
            boolean isTooLarge = graph.work(unit) > limit * fastest * (1 + ROUNDING) || graph.bytes(unit) > largest;
            isAway[groups.of(unit)] |= isTooLarge;
        }
        for (int unit = 0; unit < isAway.length; unit++) {
            possible += groups.of(unit) == unit && !isAway[unit] ? groups.work(unit) : 0;
        }
        most = Math.min(most, possible);
        double[] millis = millis(part);
        Prices prices = new Prices(part.isLeaf() ? part.speed() / 2 : part.speed());
        for (int attempt = 0; attempt < MOST_PRICES && !control.stopped(); attempt++) {
            double worth = part.isLeaf() ? 1 - prices.price / part.speed() : 1;
            if (worth <= 0) {
                return most;
            }
            MinimumCut network = traffic(millis, part.isLeaf() ? prices.price : prices.price / 2);
            int source = end + 1;
            for (int unit = 0; unit < isAway.length; unit++) {
                if (groups.of(unit) == unit) {
                    network.arc(source, unit, groups.work(unit) * worth);
                    if (isAway[unit]) {
                        network.arc(unit, end, Double.POSITIVE_INFINITY);
                    }
                }
            }
            double cut = network.flow(source, end, Double.POSITIVE_INFINITY);
            control.spend(network.steps());
            most = Math.min(most, allWork() * worth - cut + prices.price * limit);
            prices.next(excess(network, part, millis, limit) > 0);
        }
        return Math.max(0, most);
    }

    private double excess(MinimumCut network, NodeType part, double[] millis, double limit) {
        double traffic = trafficOf(network, millis);
        if (!part.isLeaf()) {
            return traffic - limit;
        }
        double work = 0;
        for (int unit = 0; unit < graph.units(); unit++) {
            work += network.isNear(groups.of(unit)) ? graph.work(unit) : 0;
        }
        return work / part.speed() + 2 * traffic - limit;
    }

    private static double fastestLeaf(NodeType part) {
        return part.isLeaf()
                ? part.speed()
                : part.states().sequence().stream()
                        .distinct()
                        .mapToDouble(PartRoom::fastestLeaf)
                        .max()
                        .orElse(0);
    }

    private static double largestLeaf(NodeType part) {
        return part.isLeaf()
                ? part.memoryBytes()
                : part.states().sequence().stream()
                        .distinct()
                        .mapToDouble(PartRoom::largestLeaf)
                        .max()
                        .orElse(0);
    }

    private double[] millis(NodeType part) {
        double[] millis = new double[tensors.count()];
        for (int tensor = 0; tensor < millis.length; tensor++) {
            millis[tensor] = part.millis(tensors.bytes()[tensor], tensors.messages()[tensor]);
        }
        return millis;
    }

    /// A network whose cuts pay for what the near side sends and for what it gets.
    private MinimumCut traffic(double[] millis, double price) {
        MinimumCut network = new MinimumCut(end + 2);
        IntLists pins = tensors.pins();
        for (int tensor = 0; tensor < millis.length; tensor++) {
            int source = groups.of(tensors.source()[tensor]);
            network.arc(source, sends + tensor, price * millis[tensor]);
            network.arc(gets + tensor, source, price * millis[tensor]);
            for (int pin = pins.from(tensor); pin < pins.end(tensor); pin++) {
                int reader = groups.of(pins.item(pin));
                if (reader != source) {
                    network.arc(sends + tensor, reader, Double.POSITIVE_INFINITY);
                    network.arc(reader, gets + tensor, Double.POSITIVE_INFINITY);
                }
            }
        }
        return network;
    }

    /// Half of the time of all tensors with pins on both sides.
    private double trafficOf(MinimumCut network, double[] millis) {
        double traffic = 0;
        IntLists pins = tensors.pins();
        for (int tensor = 0; tensor < millis.length; tensor++) {
            boolean near = false;
            boolean far = false;
            for (int pin = pins.from(tensor); pin < pins.end(tensor); pin++) {
                boolean isNear = network.isNear(groups.of(pins.item(pin)));
                near |= isNear;
                far |= !isNear;
            }
            traffic += near && far ? millis[tensor] / 2 : 0;
        }
        return traffic;
    }
}
