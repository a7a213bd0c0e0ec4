package dev.pipelinejob.placement.partition.scattered;

import dev.pipelinejob.placement.partition.UnitGraph;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Whether units fit into memory at all.
final class Packing {
    private Packing() {}

    /// Whether an assignment obeys memory and support.
    static boolean fits(UnitGraph graph, int[] deviceOfUnit) {
        double[] bytes = new double[graph.accelerators() + graph.cpus()];
        for (int unit = 0; unit < graph.units(); unit++) {
            int device = deviceOfUnit[unit];
            bytes[device] += graph.bytes(unit);
            if (device < graph.accelerators() && (!graph.supported(unit) || bytes[device] > graph.memoryBytes())) {
                return false;
            }
        }
        return true;
    }

    /// Any assignment that fits: everything on a CPU, or the largest units first, each where most memory is left.
    static int @Nullable [] firstFit(UnitGraph graph) {
        int[] deviceOfUnit = new int[graph.units()];
        double[] bytes = new double[graph.accelerators()];
        int[] bySize = IntStream.range(0, graph.units())
                .boxed()
                .sorted(Comparator.comparingDouble(unit -> -graph.bytes(unit)))
                .mapToInt(unit -> unit)
                .toArray();
        for (int unit : bySize) {
            int emptiest = 0;
            for (int device = 1; device < bytes.length; device++) {
                emptiest = bytes[device] < bytes[emptiest] ? device : emptiest;
            }
            if (graph.cpus() > 0) {
                deviceOfUnit[unit] = graph.accelerators();
            } else if (graph.supported(unit) && bytes[emptiest] + graph.bytes(unit) <= graph.memoryBytes()) {
                bytes[emptiest] += graph.bytes(unit);
                deviceOfUnit[unit] = emptiest;
            } else {
                return null;
            }
        }
        return deviceOfUnit;
    }

    /// Whether some unit fits nowhere, or all accelerators together are too small and there is no CPU.
    static boolean isHopeless(UnitGraph graph) {
        if (graph.cpus() > 0) {
            return false;
        }
        for (int unit = 0; unit < graph.units(); unit++) {
            if (!graph.supported(unit) || graph.bytes(unit) > graph.memoryBytes()) {
                return true;
            }
        }
        return graph.totalBytes() > graph.accelerators() * graph.memoryBytes();
    }
}
