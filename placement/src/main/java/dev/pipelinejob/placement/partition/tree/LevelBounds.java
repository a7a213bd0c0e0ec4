package dev.pipelinejob.placement.partition.tree;

import dev.pipelinejob.placement.partition.IntLists;
import dev.pipelinejob.placement.partition.SearchControl;
import dev.pipelinejob.placement.partition.UnitGraph;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// What the links of each level say about every split, whatever shape its shares have.
///
/// *Together.* Let the part X of a level hold unit u but not v. What u's side sends to v's side leaves X, and enters
/// the part Y that holds v; both links must carry it within the limit T. The least that any set with u and without v
/// sends is a minimum cut. Where that takes longer than T on the second fastest link of the level, u and v are in one
/// part, and so is every group of units linked in this way.
///
/// *What may stay away.* A part that holds the group K holds a set S of units with K in it. Its work is at most T times
/// the part's speed, and what it sends and what it gets take at most T each. So for any price m of traffic, the least
/// of work(S) + m (sent(S) + got(S)) / 2 over all S with K is at most T (speed + m): again a minimum cut, and where it
/// is not, the part cannot hold K. When no part can, no split is within T.
final class LevelBounds {
    /// Groups and units that are tried on each level: those with the most work.
    private static final int MOST_ANCHORS = 2;

    private static final int MOST_PRICES = 8;
    private static final int MOST_PAIRS = 24;
    private static final int HALVINGS = 7;
    private static final double ROUNDING = 1e-10;
    private static final double EXACT = 1e-9;
    private static final double FINEST = 0.002;

    private final UnitGraph graph;
    private final Tensors tensors;
    private final List<TreeLevels.Level> levels;
    private final SearchControl control;

    LevelBounds(UnitGraph graph, Tensors tensors, TreeShape shape, SearchControl control) {
        this.graph = graph;
        this.tensors = tensors;
        this.levels = TreeLevels.of(shape);
        this.control = control;
    }

    /// A value that no split can be below, between a known bound and a known value.
    double raise(double bound, double value) {
        double limit = value * (1 - EXACT);
        if (refutes(limit)) {
            return limit;
        }
        double low = bound;
        double high = limit;
        for (int halving = 0; halving < HALVINGS && low < high * (1 - FINEST); halving++) {
            limit = (low + high) / 2;
            if (refutes(limit)) {
                low = limit;
            } else {
                high = limit;
            }
        }
        return low;
    }

    /// Whether no split has all loads and times at most the limit; if not, it is not known.
    boolean refutes(double limit) {
        for (TreeLevels.Level level : levels) {
            if (refutes(level, limit)) {
                return true;
            }
        }
        return false;
    }

    private boolean refutes(TreeLevels.Level level, double limit) {
        Groups groups = together(level, limit);
        List<Integer> anchors = new ArrayList<>(groups.roots());
        anchors.sort(Comparator.comparingDouble(root -> -groups.weight(root)));
        for (int anchor : anchors.subList(0, Math.min(MOST_ANCHORS, anchors.size()))) {
            boolean hasPlace = false;
            for (NodeType part : level.types()) {
                hasPlace |= control.stopped() || !isExcluded(part, groups, anchor, limit);
                if (hasPlace) {
                    break;
                }
            }
            if (!hasPlace) {
                return true;
            }
        }
        return false;
    }

    /// Groups of units that must be in one part of the level.
    private Groups together(TreeLevels.Level level, double limit) {
        double[] millis = new double[tensors.count()];
        Groups groups = new Groups(graph.units());
        IntLists pins = tensors.pins();
        double perByte = level.millisPerByteBetween();
        for (int tensor = 0; tensor < millis.length; tensor++) {
            millis[tensor] = level.parts().size() < 2
                    ? Double.POSITIVE_INFINITY
                    : tensors.bytes()[tensor] * perByte + tensors.messages()[tensor] * level.latencyMillis();
            for (int pin = pins.from(tensor); pin < pins.end(tensor) && millis[tensor] > limit; pin++) {
                groups.join(tensors.source()[tensor], pins.item(pin));
            }
        }
        groups.weigh(graph, tensors, millis);
        if (level.parts().size() > 1) {
            joinByFlow(groups, millis, limit);
        }
        return groups;
    }

    /// Asks for the flow between the heaviest group and those that have much to send or to get.
    private void joinByFlow(Groups groups, double[] millis, double limit) {
        int first = groups.heaviest();
        List<Integer> others = new ArrayList<>(groups.roots());
        others.removeIf(root -> root == first || Math.max(groups.sent(root), groups.got(root)) <= limit);
        others.sort(Comparator.comparingDouble(root -> -groups.sent(root) - groups.got(root)));
        for (int other : others.subList(0, Math.min(MOST_PAIRS, others.size()))) {
            if (control.stopped()) {
                return;
            }
            boolean isTogether = (groups.sent(other) > limit && flow(groups, other, first, millis, limit) > limit)
                    || (groups.got(other) > limit && flow(groups, first, other, millis, limit) > limit);
            if (isTogether) {
                groups.join(first, other);
            }
        }
        groups.weigh(graph, tensors, millis);
    }

    /// The least time of tensors from a set with one group and without the other to the rest.
    private double flow(Groups groups, int from, int to, double[] millis, double enough) {
        int units = graph.units();
        MinimumCut network = new MinimumCut(units + tensors.count());
        IntLists pins = tensors.pins();
        for (int tensor = 0; tensor < millis.length; tensor++) {
            int source = groups.of(tensors.source()[tensor]);
            network.arc(source, units + tensor, Math.min(millis[tensor], Double.MAX_VALUE));
            for (int pin = pins.from(tensor); pin < pins.end(tensor); pin++) {
                int reader = groups.of(pins.item(pin));
                if (reader != source) {
                    network.arc(units + tensor, reader, Double.POSITIVE_INFINITY);
                }
            }
        }
        return network.flow(groups.of(from), groups.of(to), enough);
    }

    /// Whether a part of this type cannot hold a group within the limit.
    private boolean isExcluded(NodeType part, Groups groups, int anchor, double limit) {
        if (groups.work(anchor) > limit * part.speed() * (1 + ROUNDING)
                || groups.bytes(anchor) > part.memoryBytes() * (1 + ROUNDING)) {
            return true;
        }
        double price = part.speed();
        double low = 0;
        double high = Double.POSITIVE_INFINITY;
        for (int attempt = 0; attempt < (part.isLeaf() ? 1 : MOST_PRICES); attempt++) {
            double most = limit * (part.isLeaf() ? part.speed() : part.speed() + price);
            double traffic = trafficBeyond(part, groups, anchor, price, most);
            if (Double.isInfinite(traffic)) {
                return true;
            }
            if (traffic > limit) {
                low = price;
            } else {
                high = price;
            }
            price = Double.isInfinite(high) ? 4 * low : low == 0 ? high / 4 : Math.sqrt(low * high);
        }
        return false;
    }

    /// Infinite when every set with the group has more work and priced traffic than `most`; else the time of the
    /// traffic of a set with the least.
    private double trafficBeyond(NodeType part, Groups groups, int anchor, double price, double most) {
        int units = graph.units();
        int end = units + 2 * tensors.count();
        MinimumCut network = new MinimumCut(end + 1);
        IntLists pins = tensors.pins();
        double half = part.isLeaf() ? part.speed() : price / 2;
        double[] millis = new double[tensors.count()];
        for (int unit = 0; unit < units; unit++) {
            if (groups.of(unit) == unit) {
                network.arc(unit, end, groups.work(unit));
            }
        }
        for (int tensor = 0; tensor < millis.length; tensor++) {
            millis[tensor] = part.millis(tensors.bytes()[tensor], tensors.messages()[tensor]);
            int sends = units + 2 * tensor;
            int source = groups.of(tensors.source()[tensor]);
            network.arc(source, sends, half * millis[tensor]);
            network.arc(sends + 1, source, half * millis[tensor]);
            for (int pin = pins.from(tensor); pin < pins.end(tensor); pin++) {
                int reader = groups.of(pins.item(pin));
                if (reader != source) {
                    network.arc(sends, reader, Double.POSITIVE_INFINITY);
                    network.arc(reader, sends + 1, Double.POSITIVE_INFINITY);
                }
            }
        }
        if (network.flow(anchor, end, most * (1 + ROUNDING)) > most * (1 + ROUNDING)) {
            return Double.POSITIVE_INFINITY;
        }
        return traffic(network, groups, millis);
    }

    private double traffic(MinimumCut network, Groups groups, double[] millis) {
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
