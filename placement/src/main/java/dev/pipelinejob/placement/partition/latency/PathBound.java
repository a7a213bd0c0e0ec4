package dev.pipelinejob.placement.partition.latency;

import dev.pipelinejob.placement.workload.Workload;
import java.util.Arrays;

/// Lower bounds from single paths.
///
/// A path enters an accelerator's share at most once, so the shares cut it into consecutive pieces, and the pieces run
/// one after the other. The cheapest way to cut a path, told by [PathCut], is a bound.
final class PathBound {
    private static final double[] WEIGHTS = {0, 0.1, 0.3, 1, 3, 10};

    private final Workload workload;
    private final int[] order;
    private final int accelerators;

    PathBound(Workload workload) {
        this.workload = workload;
        this.order = topological(workload);
        this.accelerators = workload.devices().accelerators();
    }

    /// The best bound of several paths.
    double millis() {
        double bound = 0;
        double largest = 0;
        for (int node = 0; node < workload.nodes(); node++) {
            largest = Math.max(largest, workload.outputMillis(node));
        }
        for (double weight : WEIGHTS) {
            bound = Math.max(bound, cheapestCut(longestPath(weight, 0)));
            bound = Math.max(bound, cheapestCut(longestPath(1, weight * largest)));
        }
        return bound * (1 - 1e-12);
    }

    private static int[] topological(Workload workload) {
        int[] waiting = new int[workload.nodes()];
        for (int node = 0; node < workload.nodes(); node++) {
            for (int edge = 0; edge < workload.successorCount(node); edge++) {
                waiting[workload.successor(node, edge)]++;
            }
        }
        int[] order = new int[workload.nodes()];
        int tail = 0;
        for (int node = 0; node < workload.nodes(); node++) {
            if (waiting[node] == 0) {
                order[tail++] = node;
            }
        }
        for (int head = 0; head < tail; head++) {
            for (int edge = 0; edge < workload.successorCount(order[head]); edge++) {
                int reader = workload.successor(order[head], edge);
                if (--waiting[reader] == 0) {
                    order[tail++] = reader;
                }
            }
        }
        return order;
    }

    /// The path with the most of: least time of its nodes, plus weights for outputs and for memory.
    private int[] longestPath(double outputWeight, double memoryWeight) {
        double[] length = new double[workload.nodes()];
        int[] before = new int[workload.nodes()];
        Arrays.fill(before, -1);
        int end = order[0];
        for (int node : order) {
            double share = workload.bytes(node) / Math.max(1, workload.devices().memoryBytes());
            length[node] +=
                    leastMillis(node) + outputWeight * workload.outputMillis(node) + memoryWeight * Math.min(1, share);
            end = length[node] > length[end] ? node : end;
            for (int edge = 0; edge < workload.successorCount(node); edge++) {
                int reader = workload.successor(node, edge);
                if (length[node] > length[reader]) {
                    length[reader] = length[node];
                    before[reader] = node;
                }
            }
        }
        int nodes = 0;
        for (int node = end; node >= 0; node = before[node]) {
            nodes++;
        }
        int[] path = new int[nodes];
        for (int node = end; node >= 0; node = before[node]) {
            path[--nodes] = node;
        }
        return path;
    }

    private double leastMillis(int node) {
        double onAccelerator =
                workload.supported(node) && accelerators > 0 ? workload.acceleratorMillis(node) : Double.MAX_VALUE;
        double onCpu = workload.devices().cpus() > 0 ? workload.cpuMillis(node) : Double.MAX_VALUE;
        return Math.min(onAccelerator, onCpu);
    }

    private double cheapestCut(int[] path) {
        return new PathCut(workload, path).millis();
    }
}
