package dev.pipelinejob.placement.partition;

import java.util.Arrays;
import java.util.SplittableRandom;

/// Other orders in which the shares of a known split stay consecutive, so that the best cut of each is no worse.
public final class Reordering {
    private static final int MERGED_ONE_IN = 3;

    private final UnitGraph graph;
    private final SplittableRandom random;
    private final int[] waiting;
    private final int[] ready;

    public Reordering(UnitGraph graph, long seed) {
        this.graph = graph;
        this.random = new SplittableRandom(seed);
        this.waiting = new int[graph.units];
        this.ready = new int[graph.units];
    }

    /// A random topological order that takes share after share.
    public int[] next(int[] deviceOfUnit) {
        int[] rank = rankOfDevice(deviceOfUnit);
        int[] order = new int[graph.units];
        int[] byShare = unitsByRank(deviceOfUnit, rank);
        for (int unit = 0; unit < graph.units; unit++) {
            waiting[unit] = graph.predecessors.size(unit);
        }
        int placed = 0;
        int from = 0;
        while (from < byShare.length) {
            int end = from;
            while (end < byShare.length && deviceOfUnit[byShare[end]] == deviceOfUnit[byShare[from]]) {
                end++;
            }
            placed = place(byShare, from, end, deviceOfUnit, order, placed);
            from = end;
        }
        return order;
    }

    /// The same with some neighbouring shares taken as one, so that units of both mix; its best cut may be worse.
    int[] across(int[] deviceOfUnit) {
        int[] rank = rankOfDevice(deviceOfUnit);
        int[] group = new int[rank.length];
        for (int place = 1; place < group.length; place++) {
            group[place] = group[place - 1] + (random.nextInt(MERGED_ONE_IN) == 0 ? 0 : 1);
        }
        int[] groupOfUnit = new int[deviceOfUnit.length];
        Arrays.setAll(groupOfUnit, unit -> group[rank[deviceOfUnit[unit]]]);
        return next(groupOfUnit);
    }

    /// Places the units of one share: mostly depth first from random starts, sometimes at random throughout.
    private int place(int[] units, int from, int end, int[] deviceOfUnit, int[] order, int placedBefore) {
        boolean deep = random.nextInt(4) != 0;
        int count = 0;
        int placed = placedBefore;
        int device = deviceOfUnit[units[from]];
        for (int index = from; index < end; index++) {
            if (waiting[units[index]] == 0) {
                ready[count++] = units[index];
            }
        }
        shuffle(0, count);
        while (count > 0) {
            int chosen = deep && random.nextInt(16) != 0 ? count - 1 : random.nextInt(count);
            int unit = ready[chosen];
            ready[chosen] = ready[--count];
            order[placed++] = unit;
            int opened = count;
            for (int edge = graph.successors.from(unit); edge < graph.successors.end(unit); edge++) {
                int behind = graph.successors.item(edge);
                if (--waiting[behind] == 0 && deviceOfUnit[behind] == device) {
                    ready[count++] = behind;
                }
            }
            shuffle(opened, count);
        }
        return placed;
    }

    private void shuffle(int from, int end) {
        for (int index = end - 1; index > from; index--) {
            int other = from + random.nextInt(index - from + 1);
            int swapped = ready[index];
            ready[index] = ready[other];
            ready[other] = swapped;
        }
    }

    private int[] unitsByRank(int[] deviceOfUnit, int[] rank) {
        int[] start = new int[rank.length + 1];
        for (int device : deviceOfUnit) {
            start[rank[device] + 1]++;
        }
        for (int index = 0; index < rank.length; index++) {
            start[index + 1] += start[index];
        }
        int[] sorted = new int[deviceOfUnit.length];
        for (int unit = 0; unit < deviceOfUnit.length; unit++) {
            sorted[start[rank[deviceOfUnit[unit]]]++] = unit;
        }
        return sorted;
    }

    /// Devices in an order in which no share reads from a later one; ties by number.
    int[] rankOfDevice(int[] deviceOfUnit) {
        int devices = Arrays.stream(deviceOfUnit).max().orElse(0) + 1;
        int[] from = new int[graph.successors.items().length];
        int[] to = new int[from.length];
        int edges = 0;
        for (int unit = 0; unit < graph.units; unit++) {
            for (int edge = graph.successors.from(unit); edge < graph.successors.end(unit); edge++) {
                int other = deviceOfUnit[graph.successors.item(edge)];
                if (other != deviceOfUnit[unit]) {
                    from[edges] = deviceOfUnit[unit];
                    to[edges++] = other;
                }
            }
        }
        int[] component = Components.of(IntLists.ofPairs(devices, from, to, edges));
        return Arrays.stream(component).map(number -> devices - 1 - number).toArray();
    }
}
