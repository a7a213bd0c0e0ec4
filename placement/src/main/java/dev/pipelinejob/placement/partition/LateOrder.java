package dev.pipelinejob.placement.partition;

import java.util.Arrays;

/// A topological order in which each unit comes as late as its readers allow: a walk backwards from the last units,
/// which places a unit once all before it are placed, the longest way to it first.
final class LateOrder {
    private final UnitGraph graph;
    private final long[] fingerprint;
    private final int[] depth;
    private final int[] order;
    private final boolean[] met;
    private int placed;

    private LateOrder(UnitGraph graph, int[] topological, long[] fingerprint) {
        this.graph = graph;
        this.fingerprint = fingerprint;
        this.depth = new int[graph.units];
        this.order = new int[graph.units];
        this.met = new boolean[graph.units];
        for (int unit : topological) {
            for (int edge = graph.successors.from(unit); edge < graph.successors.end(unit); edge++) {
                int behind = graph.successors.item(edge);
                depth[behind] = Math.max(depth[behind], depth[unit] + 1);
            }
        }
    }

    /// The order, given any topological one.
    static int[] of(UnitGraph graph, int[] topological, long[] fingerprint) {
        LateOrder late = new LateOrder(graph, topological, fingerprint);
        int[] ends = Arrays.stream(topological)
                .filter(unit -> graph.successors.size(unit) == 0)
                .toArray();
        late.sort(ends, true);
        for (int end : ends) {
            late.walk(end);
        }
        return late.order;
    }

    private void walk(int end) {
        int[] path = new int[16];
        int[][] open = new int[16][];
        int[] next = new int[16];
        int top = 0;
        path[0] = end;
        open[0] = before(end);
        met[end] = true;
        while (top >= 0) {
            if (next[top] == open[top].length) {
                order[placed++] = path[top--];
                continue;
            }
            int unit = open[top][next[top]++];
            if (met[unit]) {
                continue;
            }
            met[unit] = true;
            if (++top == path.length) {
                path = Arrays.copyOf(path, 2 * top);
                open = Arrays.copyOf(open, 2 * top);
                next = Arrays.copyOf(next, 2 * top);
            }
            path[top] = unit;
            open[top] = before(unit);
            next[top] = 0;
        }
    }

    private int[] before(int unit) {
        int[] units = Arrays.copyOfRange(
                graph.predecessors.items(), graph.predecessors.from(unit), graph.predecessors.end(unit));
        sort(units, false);
        return units;
    }

    private void sort(int[] units, boolean ascending) {
        if (units.length < 2) {
            return;
        }
        int[] sorted = Arrays.stream(units)
                .boxed()
                .sorted((a, b) -> {
                    int byDepth = Integer.compare(depth[a], depth[b]);
                    int first = ascending ? byDepth : -byDepth;
                    return first != 0 ? first : Long.compare(fingerprint[a], fingerprint[b]);
                })
                .mapToInt(unit -> unit)
                .toArray();
        System.arraycopy(sorted, 0, units, 0, sorted.length);
    }
}
