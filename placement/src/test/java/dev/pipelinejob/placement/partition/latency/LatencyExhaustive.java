package dev.pipelinejob.placement.partition.latency;

import dev.pipelinejob.placement.workload.Workload;
import java.util.Arrays;

/// Tries every assignment of a small workload. Written from the definition, for tests only.
final class LatencyExhaustive {
    private final Workload workload;
    private final int accelerators;
    private final int[] device;
    private double best = Double.POSITIVE_INFINITY;

    LatencyExhaustive(Workload workload) {
        this.workload = workload;
        this.accelerators = workload.devices().accelerators();
        this.device = new int[workload.nodes()];
    }

    double least() {
        assign(0);
        return best;
    }

    private void assign(int node) {
        if (node == workload.nodes()) {
            best = fits() ? Math.min(best, done()) : best;
            return;
        }
        for (int earlier = 0; earlier < node; earlier++) {
            if (workload.colour(earlier) == workload.colour(node)) {
                device[node] = device[earlier];
                assign(node + 1);
                return;
            }
        }
        int kinds = accelerators + (workload.devices().cpus() > 0 ? 1 : 0);
        for (int one = 0; one < kinds; one++) {
            device[node] = one;
            assign(node + 1);
        }
    }

    private boolean fits() {
        double[] bytes = new double[accelerators + 1];
        for (int node = 0; node < workload.nodes(); node++) {
            bytes[device[node]] += workload.bytes(node);
            if (device[node] < accelerators && !workload.supported(node)) {
                return false;
            }
        }
        for (int one = 0; one < accelerators; one++) {
            if (bytes[one] > workload.devices().memoryBytes()) {
                return false;
            }
        }
        return true;
    }

    /// Starts whatever can start, round by round; infinite when something never can.
    private double done() {
        int nodes = workload.nodes();
        double[] finish = new double[nodes];
        Arrays.fill(finish, -1);
        for (int round = 0; round <= nodes; round++) {
            for (int one = 0; one < nodes; one++) {
                boolean[] share = new boolean[nodes];
                for (int node = 0; node < nodes; node++) {
                    share[node] = node == one || (device[one] < accelerators && device[node] == device[one]);
                }
                double end = finish[one] >= 0 ? -1 : end(share, device[one] < accelerators, finish);
                for (int node = 0; node < nodes && end >= 0; node++) {
                    finish[node] = share[node] ? end : finish[node];
                }
            }
        }
        double last = 0;
        for (double end : finish) {
            last = end < 0 ? Double.POSITIVE_INFINITY : Math.max(last, end);
        }
        return last;
    }

    /// When a share is done that may start now; -1 when it may not.
    private double end(boolean[] share, boolean accelerated, double[] finish) {
        double start = 0;
        double millis = 0;
        for (int node = 0; node < share.length; node++) {
            boolean enters = false;
            boolean leaves = false;
            for (int index = 0; index < workload.successorCount(node); index++) {
                int reader = workload.successor(node, index);
                enters |= !share[node] && share[reader];
                leaves |= share[node] && !share[reader];
            }
            if (enters && finish[node] < 0) {
                return -1;
            }
            start = enters ? Math.max(start, finish[node]) : start;
            millis += accelerated && (enters || leaves) ? workload.outputMillis(node) : 0;
            if (share[node]) {
                millis += accelerated ? workload.acceleratorMillis(node) : workload.cpuMillis(node);
            }
        }
        return start + millis;
    }
}
