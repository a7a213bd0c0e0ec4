package dev.pipelinejob.placement.partition.phases;

import dev.pipelinejob.placement.partition.GrowingLoad;
import dev.pipelinejob.placement.partition.IdealSearch;
import dev.pipelinejob.placement.partition.UnitGraph;
import java.util.Arrays;
import java.util.List;

/// Decides whether one order of the units can be cut into consecutive shares under a limit for each phase.
///
/// From each right end, left ends are taken from right to left while one share can hold what lies between; the cheapest
/// way to a position uses the fewest accelerators for each number of CPUs used.
final class OrderOfPhases {
    private static final int UNREACHED = Integer.MAX_VALUE;

    private final UnitGraph graph;
    private final int[] order;
    private final GrowingLoad[] loads;
    private final int layers;
    private final int[][] used;
    private final int[][] previous;
    private long steps;

    OrderOfPhases(List<UnitGraph> phases, int[] order) {
        this.graph = phases.getFirst();
        this.order = order.clone();
        this.loads =
                phases.stream().map(phase -> new GrowingLoad(phase, this.order)).toArray(GrowingLoad[]::new);
        this.layers = Math.min(graph.cpus(), graph.units()) + 1;
        this.used = new int[layers][graph.units() + 1];
        this.previous = new int[layers][graph.units() + 1];
    }

    /// How many shares were looked at, for all decisions.
    long steps() {
        return steps;
    }

    IdealSearch.Decision decide(double... limits) {
        for (int layer = 0; layer < layers; layer++) {
            Arrays.fill(used[layer], UNREACHED);
        }
        used[0][0] = 0;
        for (int end = 1; end <= order.length; end++) {
            takeAccelerators(end, limits);
            if (layers > 1) {
                takeCpus(end, limits);
            }
        }
        int layer = 0;
        while (layer < layers && used[layer][order.length] == UNREACHED) {
            layer++;
        }
        return new IdealSearch.Decision(layer == layers ? null : split(layer), true);
    }

    private void takeAccelerators(int end, double[] limits) {
        for (GrowingLoad load : loads) {
            load.begin(end);
        }
        double bytes = 0;
        boolean grows = true;
        for (int from = end - 1; from >= 0 && grows; from--) {
            int unit = order[from];
            bytes += graph.bytes(unit);
            grows = graph.supported(unit) && bytes <= graph.memoryBytes();
            boolean fits = grows;
            for (int phase = 0; phase < loads.length && grows; phase++) {
                grows = loads[phase].add(from, limits[phase]);
                fits &= loads[phase].millis() <= limits[phase];
            }
            steps++;
            for (int layer = 0; layer < layers && fits && grows; layer++) {
                int cost = used[layer][from];
                if (cost < graph.accelerators() && cost + 1 < used[layer][end]) {
                    used[layer][end] = cost + 1;
                    previous[layer][end] = from;
                }
            }
        }
    }

    private void takeCpus(int end, double[] limits) {
        for (GrowingLoad load : loads) {
            load.begin(end);
        }
        boolean fits = true;
        for (int from = end - 1; from >= 0 && fits; from--) {
            for (int phase = 0; phase < loads.length; phase++) {
                fits &= loads[phase].addOnCpu(from) <= limits[phase];
            }
            steps++;
            for (int layer = 1; layer < layers && fits; layer++) {
                if (used[layer - 1][from] < used[layer][end]) {
                    used[layer][end] = used[layer - 1][from];
                    previous[layer][end] = ~from;
                }
            }
        }
    }

    private int[] split(int lastLayer) {
        int[] deviceOfUnit = new int[order.length];
        int layer = lastLayer;
        int end = order.length;
        while (end > 0) {
            int left = previous[layer][end];
            int from = left < 0 ? ~left : left;
            int device = left < 0 ? graph.accelerators() + layer - 1 : used[layer][end] - 1;
            for (int position = from; position < end; position++) {
                deviceOfUnit[order[position]] = device;
            }
            layer -= left < 0 ? 1 : 0;
            end = from;
        }
        return deviceOfUnit;
    }
}
