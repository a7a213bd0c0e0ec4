package dev.pipelinejob.placement.partition;

import java.util.Arrays;

/// Why nothing fits, and how long everything together could take at most.
public final class Limits {
    private Limits() {}

    /// A limit that no split can be above: all work on every device, all nets.
    public static double enough(UnitGraph graph) {
        double all =
                Arrays.stream(graph.work).sum() + Arrays.stream(graph.netMillis).sum();
        return 1
                + 2 * all
                + (graph.cpus() == 0 ? 0 : Arrays.stream(graph.cpuWork).sum());
    }

    /// One sentence about what does not fit where, for a workload that has no split.
    public static String reason(UnitGraph graph) {
        for (int unit = 0; unit < graph.units && graph.cpus() == 0; unit++) {
            if (!graph.supported[unit]) {
                return "Node " + graph.nodeOf(unit) + " or a node that must share its device runs on no accelerator,"
                        + " and there is no CPU: add --cpus 1.";
            }
            if (graph.bytes[unit] > graph.memoryBytes()) {
                return "Node " + graph.nodeOf(unit) + " and the nodes that must share its device need "
                        + bytes(graph.bytes[unit]) + ", but an accelerator has " + bytes(graph.memoryBytes())
                        + ": raise the memory or add a CPU.";
            }
        }
        double room = graph.accelerators() * graph.memoryBytes();
        if (graph.cpus() == 0 && graph.totalBytes() > room) {
            return "All nodes together need " + bytes(graph.totalBytes()) + ", but " + graph.accelerators()
                    + " accelerators have " + bytes(room) + ": add accelerators, memory or a CPU.";
        }
        return "No split into " + graph.accelerators() + " accelerators of " + bytes(graph.memoryBytes()) + " and "
                + graph.cpus() + " CPUs fits into memory: add accelerators, memory or a CPU.";
    }

    private static String bytes(double bytes) {
        return bytes > Long.MAX_VALUE ? "unlimited bytes" : (long) bytes + " bytes";
    }
}
