package dev.pipelinejob.placement.partition;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// All shares that a device may be given as paths through layers of states, one layer for each unit.
///
/// Units are taken one after the other: into the share, or not. What the rest needs to know of those taken is a word
/// on each open net: all its units so far are in the share, none is, or it is cut and paid. Where few nets are open
/// there are few states. For contiguous shares, units outside lie before or behind the share, no unit before one that
/// it reads, and the word on each unit with readers to come says where it lies. States on no path below the limit are
/// dropped.
final class ShareStates {
    static final int IN = 0;
    static final int BEFORE = 1;
    static final int BEHIND = 2;
    private static final int PLACES = 3;

    /// One unit of the order and the states before it.
    ///
    /// @param unit the unit that is taken or left
    /// @param to for each place of the unit and state, the state in the next layer; -1 where there is none
    /// @param millis what that adds to the load
    @SuppressWarnings("ArrayRecordComponent") // read in inner loops and never compared
    record Layer(int unit, int[][] to, double[][] millis) {
        Layer(int unit, int states) {
            this(unit, new int[PLACES][states], new double[PLACES][states]);
        }

        int states() {
            return to[IN].length;
        }
    }

    private static final int MOST_SLOTS = 31;
    private static final int MET = 1;
    private static final int MISSED = 2;
    private static final int PAID = 3;

    private final UnitGraph graph;
    private final boolean[] counts;
    private final boolean contiguous;
    private final double limit;
    private final int mostStates;
    private final int[] slotOfNet;
    private final int[] slotOfUnit;
    private final int[] pinsLeft;
    private final int[] readersLeft;
    private long slots;
    private final List<Layer> layers = new ArrayList<>();

    private ShareStates(UnitGraph graph, boolean[] counts, boolean contiguous, double limit, int mostStates) {
        this.graph = graph;
        this.counts = counts.clone();
        this.contiguous = contiguous;
        this.limit = limit;
        this.mostStates = mostStates;
        this.slotOfNet = new int[graph.nets()];
        this.slotOfUnit = new int[graph.units];
        this.pinsLeft = new int[graph.nets()];
        this.readersLeft = new int[graph.units];
        Arrays.setAll(pinsLeft, graph.pins::size);
        Arrays.setAll(readersLeft, graph.successors::size);
    }

    /// The layers; null when some layer has too many states.
    ///
    /// @param counts nets that are paid for when cut; the others are free, which only lowers loads
    /// @param contiguous whether shares are contiguous; the graph's numbering is then topological
    /// @param limit shares with a larger load do not matter
    static @Nullable List<Layer> of(
            UnitGraph graph, boolean[] counts, boolean contiguous, double limit, int mostStates) {
        ShareStates states = new ShareStates(graph, counts, contiguous, limit, mostStates);
        int[] order = new int[graph.units];
        Arrays.setAll(order, position -> position);
        return states.build(contiguous ? order : PinOrder.of(graph, counts)) ? states.pruned() : null;
    }

    private boolean build(int[] order) {
        List<Long> keys = List.of(0L);
        double[] least = {0};
        for (int unit : order) {
            if (!open(unit)) {
                return false;
            }
            Step step = new Step(unit, keys, least);
            if (!step.take()) {
                return false;
            }
            layers.add(step.layer);
            keys = step.next;
            least = step.nextLeast;
            close(unit);
        }
        return true;
    }

    /// Gives slots to nets that begin here; false when there are no more.
    private boolean open(int unit) {
        for (int index = graph.netsOfUnit.from(unit); index < graph.netsOfUnit.end(unit); index++) {
            int net = graph.netsOfUnit.item(index);
            if (counts[net] && pinsLeft[net] == graph.pins.size(net)) {
                slotOfNet[net] = slot();
            }
        }
        if (contiguous && readersLeft[unit] > 0) {
            slotOfUnit[unit] = slot();
        }
        return slots >>> MOST_SLOTS == 0;
    }

    private int slot() {
        int slot = Long.numberOfTrailingZeros(~slots);
        slots |= 1L << slot;
        return slot;
    }

    private void close(int unit) {
        for (int index = graph.netsOfUnit.from(unit); index < graph.netsOfUnit.end(unit); index++) {
            int net = graph.netsOfUnit.item(index);
            if (--pinsLeft[net] == 0 && counts[net]) {
                slots &= ~(1L << slotOfNet[net]);
            }
        }
        for (int edge = graph.predecessors.from(unit); contiguous && edge < graph.predecessors.end(unit); edge++) {
            int read = graph.predecessors.item(edge);
            if (--readersLeft[read] == 0) {
                slots &= ~(1L << slotOfUnit[read]);
            }
        }
    }

    /// One unit put into each place in each state.
    private final class Step {
        private final int unit;
        private final List<Long> keys;
        private final double[] least;
        private final Map<Long, Integer> numbers = new HashMap<>();
        private final List<Long> next = new ArrayList<>();
        private final Layer layer;
        private double[] nextLeast = new double[16];

        Step(int unit, List<Long> keys, double[] least) {
            this.unit = unit;
            this.keys = keys;
            this.least = least;
            this.layer = new Layer(unit, keys.size());
        }

        boolean take() {
            for (int state = 0; state < keys.size() && next.size() <= mostStates; state++) {
                for (int place = IN; place <= BEHIND; place++) {
                    boolean allowed = place == IN ? graph.supported[unit] : place == BEFORE || contiguous;
                    layer.to[place][state] =
                            allowed && isBehindWhatItReads(keys.get(state), place) ? reach(state, place) : -1;
                }
            }
            return next.size() <= mostStates;
        }

        private boolean isBehindWhatItReads(long key, int place) {
            boolean holds = true;
            for (int edge = graph.predecessors.from(unit); contiguous && edge < graph.predecessors.end(unit); edge++) {
                holds &= rank(place) >= word(key, slotOfUnit[graph.predecessors.item(edge)]);
            }
            return holds;
        }

        private int reach(int state, int place) {
            long key = keys.get(state);
            double added = place == IN ? graph.work[unit] : 0;
            for (int index = graph.netsOfUnit.from(unit); index < graph.netsOfUnit.end(unit); index++) {
                int net = graph.netsOfUnit.item(index);
                if (counts[net]) {
                    int word = word(key, slotOfNet[net]);
                    int now = word | (place == IN ? MET : MISSED);
                    added += now == PAID && word != PAID ? graph.netMillis[net] : 0;
                    key = with(key, slotOfNet[net], pinsLeft[net] == 1 ? 0 : now);
                }
            }
            for (int edge = graph.predecessors.from(unit); contiguous && edge < graph.predecessors.end(unit); edge++) {
                int read = graph.predecessors.item(edge);
                key = readersLeft[read] == 1 ? with(key, slotOfUnit[read], 0) : key;
            }
            if (contiguous && readersLeft[unit] > 0) {
                key = with(key, slotOfUnit[unit], rank(place));
            }
            layer.millis[place][state] = added;
            return least[state] + added > limit ? -1 : number(key, least[state] + added);
        }

        private int number(long key, double millis) {
            @Nullable Integer known = numbers.putIfAbsent(key, next.size());
            if (known != null) {
                nextLeast[known] = Math.min(nextLeast[known], millis);
                return known;
            }
            if (next.size() == nextLeast.length) {
                nextLeast = Arrays.copyOf(nextLeast, 2 * nextLeast.length);
            }
            nextLeast[next.size()] = millis;
            next.add(key);
            return next.size() - 1;
        }
    }

    private static int rank(int place) {
        return place == BEFORE ? 1 : place == IN ? 2 : 3;
    }

    private static int word(long key, int slot) {
        return (int) (key >>> (2 * slot)) & 3;
    }

    private static long with(long key, int slot, int word) {
        return (key & ~(3L << (2 * slot))) | ((long) word << (2 * slot));
    }

    /// The layers without states from which no path ends within the limit.
    private List<Layer> pruned() {
        double[] rest = {0};
        int[] number = {0};
        for (int index = layers.size() - 1; index >= 0; index--) {
            Layer layer = layers.get(index);
            double[] before = new double[layer.states()];
            Arrays.fill(before, Double.POSITIVE_INFINITY);
            int[] kept = new int[before.length];
            int count = 0;
            for (int state = 0; state < before.length; state++) {
                for (int place = IN; place <= BEHIND; place++) {
                    int to = layer.to[place][state];
                    double end = to < 0 ? Double.POSITIVE_INFINITY : layer.millis[place][state] + rest[to];
                    before[state] = Math.min(before[state], end);
                }
                kept[state] = before[state] > limit ? -1 : count++;
            }
            layers.set(index, renamed(layer, kept, count, number));
            rest = before;
            number = kept;
        }
        return layers;
    }

    private static Layer renamed(Layer layer, int[] kept, int count, int[] number) {
        Layer renamed = new Layer(layer.unit, count);
        for (int state = 0; state < kept.length; state++) {
            for (int place = IN; place <= BEHIND && kept[state] >= 0; place++) {
                int to = layer.to[place][state];
                renamed.to[place][kept[state]] = to < 0 ? -1 : number[to];
                renamed.millis[place][kept[state]] = layer.millis[place][state];
            }
        }
        return renamed;
    }
}
