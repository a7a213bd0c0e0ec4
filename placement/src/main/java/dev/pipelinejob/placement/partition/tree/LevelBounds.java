package dev.pipelinejob.placement.partition.tree;

import dev.pipelinejob.placement.partition.IntLists;
import dev.pipelinejob.placement.partition.SearchControl;
import dev.pipelinejob.placement.partition.UnitGraph;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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
///
/// *What all parts can do.* A part without K holds a set S that avoids K and every unit that is too much for its
/// best leaf, so its work is at most that of the best such S when traffic has a price m, plus m T: a minimum cut
/// once more. When the part with K, as fast as it is, and the others with that do not reach all work, no split is
/// within T.
final class LevelBounds {
    /// Groups and units that are tried on each level: those with the most work.
    private static final int MOST_ANCHORS = 2;

    private static final int MOST_PAIRS = 24;
    private static final int HALVINGS = 7;
    /// Cuts that are asked for in all, so that the answer does not depend on how fast a machine is.
    private static final int MOST_FLOWS = 3_000;

    private static final double ROUNDING = 1e-10;
    private static final double EXACT = 1e-9;
    private static final double FINEST = 0.002;

    /// Whether the gap is at most this is asked for first.
    private static final double NEAR = 0.05;

    private final UnitGraph graph;
    private final Tensors tensors;
    private final List<TreeLevels.Level> levels;
    private final SearchControl control;
    private int flows;

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
        for (int halving = 0; halving < HALVINGS && low < high * (1 - FINEST) && !control.stopped(); halving++) {
            boolean isFirst = halving == 0 && low < value * (1 - NEAR);
            limit = isFirst ? value * (1 - NEAR) : (low + high) / 2;
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
            if (flows < MOST_FLOWS && refutes(level, limit)) {
                return true;
            }
        }
        return false;
    }

    private boolean refutes(TreeLevels.Level level, double limit) {
        Groups groups = together(level, limit);
        PartRoom room = new PartRoom(graph, tensors, groups, control);
        List<Integer> anchors = new ArrayList<>(groups.roots());
        anchors.sort(Comparator.comparingDouble(root -> -groups.weight(root)));
        for (int anchor : anchors.subList(0, Math.min(MOST_ANCHORS, anchors.size()))) {
            List<NodeType> hosts = new ArrayList<>();
            for (NodeType part : level.types()) {
                if (control.stopped()) {
                    return false;
                }
                flows += PartRoom.MOST_PRICES;
                if (!room.isExcluded(part, anchor, limit)) {
                    hosts.add(part);
                }
            }
            if (hosts.isEmpty() || isTooMuch(level, hosts, anchor, room, limit)) {
                return true;
            }
        }
        return false;
    }

    /// Whether all parts together cannot do all work, whichever of them holds the group.
    private boolean isTooMuch(TreeLevels.Level level, List<NodeType> hosts, int anchor, PartRoom room, double limit) {
        double all = 0;
        Map<NodeType, Double> without = new HashMap<>();
        for (NodeType part : level.parts()) {
            Double known = without.get(part);
            if (known == null) {
                flows += PartRoom.MOST_PRICES;
                known = room.without(part, anchor, limit);
                without.put(part, known);
            }
            all += known;
        }
        double most = 0;
        for (NodeType host : hosts) {
            double beside = all - without.getOrDefault(host, 0.0);
            most = Math.max(most, beside + limit * host.speed());
        }
        return !control.stopped() && most * (1 + ROUNDING) < room.allWork();
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
        double sent = network.flow(groups.of(from), groups.of(to), enough);
        control.spend(network.steps());
        return sent;
    }
}
