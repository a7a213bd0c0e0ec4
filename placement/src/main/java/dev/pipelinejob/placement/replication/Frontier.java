package dev.pipelinejob.placement.replication;

import java.util.Arrays;

/// Ways to run each rest of a pipeline within a limit, the best ones only: of two, one takes fewer devices
/// and the other fewer replicas.
///
/// The rests are closed in ascending order; a way of one refers to a way of a smaller one.
final class Frontier {
    private final int mostReplicas;
    private final int[][] devices;
    private final int[][] replicas;
    private final int[][] from;
    private final int[][] fromIndex;
    private final int[][] degree;
    private final int[][] own;
    private final int[] devicesAt;
    private final int[][] stepAt;

    /// @param mostReplicas that all stages may have together
    Frontier(int sets, int mostReplicas) {
        this.mostReplicas = mostReplicas;
        devices = new int[sets][];
        replicas = new int[sets][];
        from = new int[sets][];
        fromIndex = new int[sets][];
        degree = new int[sets][];
        own = new int[sets][];
        devicesAt = new int[mostReplicas + 1];
        stepAt = new int[4][mostReplicas + 1];
        Arrays.fill(devicesAt, Integer.MAX_VALUE);
        devicesAt[0] = 0;
        close(0);
    }

    /// A stage put before a way to run a smaller rest.
    ///
    /// @param set the smaller rest
    /// @param index which of its ways
    /// @param degree index of the stage's tensor degree
    /// @param replicas of the stage
    record Step(int set, int index, int degree, int replicas) {}

    /// Offers a way to run the rest that is open.
    void offer(int totalReplicas, int totalDevices, Step step) {
        if (totalReplicas <= mostReplicas && totalDevices < devicesAt[totalReplicas]) {
            devicesAt[totalReplicas] = totalDevices;
            stepAt[0][totalReplicas] = step.set();
            stepAt[1][totalReplicas] = step.index();
            stepAt[2][totalReplicas] = step.degree();
            stepAt[3][totalReplicas] = step.replicas();
        }
    }

    /// Whether fewer devices than these are not yet known for as many replicas or fewer.
    boolean wants(int totalReplicas, int totalDevices) {
        return totalReplicas <= mostReplicas && totalDevices < devicesAt[totalReplicas];
    }

    /// Keeps the ways of the rest that is open, and opens the next.
    void close(int set) {
        int[] kept = new int[mostReplicas + 1];
        int count = 0;
        int least = Integer.MAX_VALUE;
        for (int total = 0; total <= mostReplicas; total++) {
            if (devicesAt[total] < least) {
                least = devicesAt[total];
                kept[count++] = total;
            }
        }
        int[] chosen = Arrays.copyOf(kept, count);
        replicas[set] = chosen;
        devices[set] = pick(devicesAt, chosen);
        from[set] = pick(stepAt[0], chosen);
        fromIndex[set] = pick(stepAt[1], chosen);
        degree[set] = pick(stepAt[2], chosen);
        own[set] = pick(stepAt[3], chosen);
        Arrays.fill(devicesAt, Integer.MAX_VALUE);
    }

    private static int[] pick(int[] values, int[] at) {
        return Arrays.stream(at).map(index -> values[index]).toArray();
    }

    int count(int set) {
        return devices[set].length;
    }

    int devices(int set, int index) {
        return devices[set][index];
    }

    int replicas(int set, int index) {
        return replicas[set][index];
    }

    Step step(int set, int index) {
        return new Step(from[set][index], fromIndex[set][index], degree[set][index], own[set][index]);
    }
}
