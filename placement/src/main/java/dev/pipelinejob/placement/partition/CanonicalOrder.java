package dev.pipelinejob.placement.partition;

import java.util.Arrays;

/// Numbers units topologically by what they are, not by how a file lists them.
///
/// Each unit gets a fingerprint of its costs and, over a few rounds, of its neighbours'. Two orders are
/// made: in one the most recently opened unit comes first, in the other each unit comes as late as its
/// readers allow; fingerprints decide between equals. The one with the smaller cost of nets across its
/// positions is taken.
final class CanonicalOrder {
    private static final int ROUNDS = 12;
    private static final long ODD = 0x9E3779B97F4A7C15L;

    private CanonicalOrder() {}

    /// The same graph with units renumbered.
    static UnitGraph numbered(UnitGraph graph) {
        long[] fingerprint = fingerprints(graph);
        int[] early = depthFirst(graph, fingerprint);
        int[] late = LateOrder.of(graph, early, fingerprint);
        int[] order = crossing(graph, late) < crossing(graph, early) ? late : early;
        return renumbered(graph, order);
    }

    /// The same graph with units renumbered by fingerprint alone, whatever the order between them.
    static UnitGraph byFingerprint(UnitGraph graph) {
        int[] order = new int[graph.units];
        Arrays.setAll(order, unit -> unit);
        sortByFingerprint(order, 0, order.length, fingerprints(graph));
        return renumbered(graph, order);
    }

    private static UnitGraph renumbered(UnitGraph graph, int[] order) {
        int[] number = new int[graph.units];
        for (int position = 0; position < order.length; position++) {
            number[order[position]] = position;
        }
        int[] unitOfNode =
                Arrays.stream(graph.unitOfNode).map(unit -> number[unit]).toArray();
        return new UnitGraph(graph.workload, unitOfNode, graph.units);
    }

    /// Cost of the nets that cross a position, added up over all positions.
    private static double crossing(UnitGraph graph, int[] order) {
        int[] positionOf = new int[graph.units];
        for (int position = 0; position < order.length; position++) {
            positionOf[order[position]] = position;
        }
        double sum = 0;
        for (int net = 0; net < graph.nets(); net++) {
            int first = graph.units;
            int last = 0;
            for (int pin = graph.pins.from(net); pin < graph.pins.end(net); pin++) {
                first = Math.min(first, positionOf[graph.pins.item(pin)]);
                last = Math.max(last, positionOf[graph.pins.item(pin)]);
            }
            sum += graph.netMillis[net] * (last - first);
        }
        return sum;
    }

    private static int[] depthFirst(UnitGraph graph, long[] fingerprint) {
        int[] waiting = new int[graph.units];
        int[] stack = new int[graph.units];
        int depth = 0;
        for (int unit = 0; unit < graph.units; unit++) {
            waiting[unit] = graph.predecessors.size(unit);
            if (waiting[unit] == 0) {
                stack[depth++] = unit;
            }
        }
        sortByFingerprint(stack, 0, depth, fingerprint);
        int[] order = new int[graph.units];
        int placed = 0;
        while (depth > 0) {
            int unit = stack[--depth];
            order[placed++] = unit;
            int from = depth;
            for (int edge = graph.successors.from(unit); edge < graph.successors.end(unit); edge++) {
                int behind = graph.successors.item(edge);
                if (--waiting[behind] == 0) {
                    stack[depth++] = behind;
                }
            }
            sortByFingerprint(stack, from, depth, fingerprint);
        }
        if (placed < graph.units) {
            throw new IllegalStateException("The units of a workload form a cycle: components were not joined.");
        }
        return order;
    }

    private static void sortByFingerprint(int[] units, int from, int end, long[] fingerprint) {
        if (end - from < 2) {
            return;
        }
        int[] sorted = Arrays.stream(units, from, end)
                .boxed()
                .sorted((a, b) -> Long.compare(fingerprint[a], fingerprint[b]))
                .mapToInt(unit -> unit)
                .toArray();
        System.arraycopy(sorted, 0, units, from, sorted.length);
    }

    private static long[] fingerprints(UnitGraph graph) {
        long[] print = new long[graph.units];
        for (int unit = 0; unit < graph.units; unit++) {
            long mix = mix(Float.floatToIntBits((float) graph.work[unit]));
            mix = mix(mix + Float.floatToIntBits((float) graph.cpuWork[unit]));
            mix = mix(mix + Float.floatToIntBits((float) graph.bytes[unit]));
            print[unit] = mix(mix + (graph.supported[unit] ? 1 : 0));
        }
        for (int round = 0; round < ROUNDS; round++) {
            print = refined(graph, print);
        }
        return print;
    }

    private static long[] refined(UnitGraph graph, long[] print) {
        long[] next = new long[print.length];
        for (int unit = 0; unit < next.length; unit++) {
            long before = sum(graph.predecessors, unit, print);
            long behind = sum(graph.successors, unit, print);
            next[unit] = mix(print[unit] + 3 * mix(before + 1) + 5 * mix(behind + 2));
        }
        for (int net = 0; net < graph.nets(); net++) {
            long all = mix(sum(graph.pins, net, print) + Float.floatToIntBits((float) graph.netMillis[net]));
            for (int pin = graph.pins.from(net); pin < graph.pins.end(net); pin++) {
                next[graph.pins.item(pin)] += all;
            }
        }
        return next;
    }

    private static long sum(IntLists lists, int list, long[] print) {
        long sum = 0;
        for (int position = lists.from(list); position < lists.end(list); position++) {
            sum += mix(print[lists.item(position)]);
        }
        return sum;
    }

    private static long mix(long value) {
        long mixed = (value ^ (value >>> 32)) * ODD;
        return mixed ^ (mixed >>> 29);
    }
}
