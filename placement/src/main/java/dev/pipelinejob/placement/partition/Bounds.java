package dev.pipelinejob.placement.partition;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/// Lower bounds that hold for any split, contiguous or not.
public final class Bounds {
    private static final int HALVINGS = 100;

    private final UnitGraph graph;
    /// Supported units by falling ratio of accelerator work to CPU work.
    private final int[] byRelief;
    private final double supportedWork;

    public Bounds(UnitGraph graph) {
        this.graph = graph;
        this.byRelief = graph.cpus() == 0
                ? new int[0]
                : IntStream.range(0, graph.units)
                        .filter(unit -> graph.supported[unit] && graph.work[unit] > 0)
                        .boxed()
                        .sorted(Comparator.comparingDouble(unit -> graph.cpuWork[unit] / graph.work[unit]))
                        .mapToInt(unit -> unit)
                        .toArray();
        double sum = 0;
        for (int unit = 0; unit < graph.units; unit++) {
            sum += graph.supported[unit] ? graph.work[unit] : 0;
        }
        this.supportedWork = sum;
    }

    /// Accelerator work of all units that an accelerator can run.
    double supportedWork() {
        return supportedWork;
    }

    /// The most accelerator work that CPUs can take over within a time each.
    double relief(int cpus, double millis) {
        double left = cpus * millis;
        double relief = 0;
        for (int unit : byRelief) {
            if (left <= 0 || cpus == 0) {
                break;
            }
            double taken = graph.cpuWork[unit] <= left ? 1 : left / graph.cpuWork[unit];
            relief += taken * graph.work[unit];
            left -= graph.cpuWork[unit];
        }
        return relief;
    }

    /// A value that no split can be below.
    public double any() {
        double least = Math.max(largestUnit(), unsupportedWork());
        if (graph.accelerators() == 0) {
            return Math.max(least, Arrays.stream(graph.cpuWork).sum() / graph.cpus());
        }
        double low = least;
        double high = Math.max(least, supportedWork / graph.accelerators());
        for (int halving = 0; halving < HALVINGS && low < high; halving++) {
            double middle = (low + high) / 2;
            if (graph.accelerators() * middle + relief(graph.cpus(), middle) >= supportedWork) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return Math.max(least, low * (1 - 1e-12));
    }

    private double largestUnit() {
        double largest = 0;
        for (int unit = 0; unit < graph.units; unit++) {
            double onAccelerator =
                    graph.supported[unit] && graph.accelerators() > 0 ? graph.work[unit] : Double.POSITIVE_INFINITY;
            double onCpu = graph.cpus() > 0 ? graph.cpuWork[unit] : Double.POSITIVE_INFINITY;
            largest = Math.max(largest, Math.min(onAccelerator, onCpu));
        }
        return largest;
    }

    private double unsupportedWork() {
        double sum = 0;
        for (int unit = 0; unit < graph.units; unit++) {
            sum += graph.supported[unit] ? 0 : graph.cpuWork[unit];
        }
        return sum == 0 ? 0 : graph.cpus() == 0 ? Double.POSITIVE_INFINITY : sum / graph.cpus();
    }
}
