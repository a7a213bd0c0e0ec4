package dev.pipelinejob.placement.partition;

import dev.pipelinejob.placement.workload.Workload;

/// Tries every assignment of a small workload. Written from the definition, for tests only.
public final class Exhaustive {
    private final Workload workload;
    private final int accelerators;
    private final int devices;
    private final int[] device;
    private final boolean contiguous;
    private final boolean phases;
    private double best = Double.POSITIVE_INFINITY;

    private Exhaustive(Workload workload, boolean contiguous, boolean phases) {
        this.workload = workload;
        this.contiguous = contiguous;
        this.phases = phases;
        this.accelerators = workload.devices().accelerators();
        this.devices = accelerators + workload.devices().cpus();
        this.device = new int[workload.nodes()];
    }

    /// The least value of a contiguous split; infinite when there is none.
    public static double contiguous(Workload workload) {
        Exhaustive search = new Exhaustive(workload, true, false);
        search.assign(0, 0, 0);
        return search.best;
    }

    /// The least value of a split of any shape; infinite when there is none.
    public static double any(Workload workload) {
        Exhaustive search = new Exhaustive(workload, false, false);
        search.assign(0, 0, 0);
        return search.best;
    }

    /// The least sum of the largest forward and the largest backward load of a contiguous split.
    public static double contiguousPhases(Workload workload) {
        Exhaustive search = new Exhaustive(workload, true, true);
        search.assign(0, 0, 0);
        return search.best;
    }

    /// Equal devices are taken in order, so that no split is tried under two names.
    private void assign(int node, int acceleratorsUsed, int cpusUsed) {
        if (node == workload.nodes()) {
            if (isLegal()) {
                best = Math.min(best, phases ? value(false) + value(true) : value());
            }
            return;
        }
        for (int earlier = 0; earlier < node; earlier++) {
            if (workload.colour(earlier) == workload.colour(node)) {
                device[node] = device[earlier];
                assign(node + 1, acceleratorsUsed, cpusUsed);
                return;
            }
        }
        for (int accelerator = 0; accelerator < Math.min(accelerators, acceleratorsUsed + 1); accelerator++) {
            device[node] = accelerator;
            assign(node + 1, Math.max(acceleratorsUsed, accelerator + 1), cpusUsed);
        }
        for (int cpu = 0; cpu < Math.min(devices - accelerators, cpusUsed + 1); cpu++) {
            device[node] = accelerators + cpu;
            assign(node + 1, acceleratorsUsed, Math.max(cpusUsed, cpu + 1));
        }
    }

    private boolean isLegal() {
        double[] bytes = new double[devices];
        boolean[][] before = new boolean[devices][devices];
        for (int node = 0; node < workload.nodes(); node++) {
            bytes[device[node]] += workload.bytes(node);
            if (device[node] < accelerators && !workload.supported(node)) {
                return false;
            }
            for (int index = 0; index < workload.successorCount(node); index++) {
                int reader = workload.successor(node, index);
                if (!workload.backward(node) && !workload.backward(reader)) {
                    before[device[node]][device[reader]] = true;
                } else if (workload.backward(node) && (isOrphan(node) || isOrphan(reader))) {
                    before[device[reader]][device[node]] = true;
                }
            }
        }
        for (int accelerator = 0; accelerator < accelerators; accelerator++) {
            if (bytes[accelerator] > workload.devices().memoryBytes()) {
                return false;
            }
        }
        return !contiguous || isAcyclic(before);
    }

    private boolean isOrphan(int node) {
        for (int other = 0; other < workload.nodes(); other++) {
            if (workload.colour(other) == workload.colour(node) && !workload.backward(other)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAcyclic(boolean[][] before) {
        int devices = before.length;
        for (int through = 0; through < devices; through++) {
            for (int from = 0; from < devices; from++) {
                for (int to = 0; to < devices; to++) {
                    boolean path = from != through && to != through && before[from][through] && before[through][to];
                    before[from][to] |= path;
                }
            }
        }
        for (int from = 0; from < devices; from++) {
            for (int to = from + 1; to < devices; to++) {
                if (before[from][to] && before[to][from]) {
                    return false;
                }
            }
        }
        return true;
    }

    private double value() {
        double[] load = new double[devices];
        for (int node = 0; node < workload.nodes(); node++) {
            add(node, load);
        }
        return largest(load);
    }

    private double value(boolean backward) {
        double[] load = new double[devices];
        for (int node = 0; node < workload.nodes(); node++) {
            if (workload.backward(node) == backward) {
                add(node, load);
            }
        }
        return largest(load);
    }

    private void add(int node, double[] load) {
        boolean accelerated = device[node] < accelerators;
        load[device[node]] += accelerated ? workload.acceleratorMillis(node) : workload.cpuMillis(node);
        boolean[] touched = new boolean[devices];
        boolean leaves = false;
        for (int index = 0; index < workload.successorCount(node); index++) {
            int reader = device[workload.successor(node, index)];
            leaves |= reader != device[node];
            touched[reader] = true;
        }
        touched[device[node]] = true;
        for (int other = 0; other < accelerators && leaves; other++) {
            load[other] += touched[other] ? workload.outputMillis(node) : 0;
        }
    }

    private static double largest(double[] load) {
        double largest = 0;
        for (double one : load) {
            largest = Math.max(largest, one);
        }
        return largest;
    }
}
