package dev.pipelinejob.placement.partition.latency;

import dev.pipelinejob.placement.partition.SearchControl;
import dev.pipelinejob.placement.partition.UnitGraph;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Cuts one order into shares that would take the least time if they ran one after the other.
final class SerialCut {
    private final UnitGraph graph;
    private final int[] order;
    private final int[] positionOf;
    private final double[][] least;
    private final int[][] previous;

    SerialCut(UnitGraph graph, int[] order) {
        this.graph = graph;
        this.order = order.clone();
        this.positionOf = new int[graph.units()];
        for (int position = 0; position < order.length; position++) {
            positionOf[order[position]] = position;
        }
        this.least = new double[graph.accelerators() + 1][graph.units() + 1];
        this.previous = new int[graph.accelerators() + 1][graph.units() + 1];
    }

    /// The device of each unit; null when memory allows none or time ends.
    int @Nullable [] best(SearchControl control) {
        for (double[] row : least) {
            Arrays.fill(row, Double.POSITIVE_INFINITY);
        }
        least[0][0] = 0;
        double[] load = new double[graph.units() + 1];
        for (int from = 0; from < graph.units(); from++) {
            if (control.stopped()) {
                return null;
            }
            int end = loads(from, load);
            int unit = order[from];
            for (int used = 0; used < least.length; used++) {
                double sofar = least[used][from];
                if (Double.isInfinite(sofar)) {
                    continue;
                }
                if (graph.cpus() > 0) {
                    reach(used, from + 1, sofar + graph.cpuWork(unit), ~from);
                }
                for (int to = from + 1; to <= end && used + 1 < least.length; to++) {
                    reach(used + 1, to, sofar + load[to], from);
                }
            }
        }
        return assignment();
    }

    private void reach(int used, int end, double millis, int from) {
        if (millis < least[used][end]) {
            least[used][end] = millis;
            previous[used][end] = from;
        }
    }

    /// Loads of the shares that begin at a position, by their ends; the last end that memory and support allow.
    private int loads(int from, double[] load) {
        double work = 0;
        double nets = 0;
        double bytes = 0;
        for (int position = from; position < order.length; position++) {
            int unit = order[position];
            bytes += graph.bytes(unit);
            if (!graph.supported(unit) || bytes > graph.memoryBytes()) {
                return position;
            }
            work += graph.work(unit);
            for (int index = graph.netsOfUnit().from(unit);
                    index < graph.netsOfUnit().end(unit);
                    index++) {
                nets += netChange(graph.netsOfUnit().item(index), from, position);
            }
            load[position + 1] = work + nets;
        }
        return order.length;
    }

    private double netChange(int net, int from, int position) {
        boolean met = false;
        boolean whole = true;
        for (int pin = graph.pins().from(net); pin < graph.pins().end(net); pin++) {
            int other = positionOf[graph.pins().item(pin)];
            met |= other >= from && other < position;
            whole &= other >= from && other <= position;
        }
        return (met ? 0 : graph.netMillis(net)) - (whole ? graph.netMillis(net) : 0);
    }

    private int @Nullable [] assignment() {
        int units = graph.units();
        int used = 0;
        for (int count = 1; count < least.length; count++) {
            used = least[count][units] < least[used][units] ? count : used;
        }
        if (Double.isInfinite(least[used][units])) {
            return null;
        }
        int[] deviceOfUnit = new int[units];
        int end = units;
        while (end > 0) {
            int from = previous[used][end];
            boolean onCpu = from < 0;
            int begin = onCpu ? ~from : from;
            for (int position = begin; position < end; position++) {
                deviceOfUnit[order[position]] = onCpu ? graph.accelerators() : used - 1;
            }
            used -= onCpu ? 0 : 1;
            end = begin;
        }
        return deviceOfUnit;
    }
}
