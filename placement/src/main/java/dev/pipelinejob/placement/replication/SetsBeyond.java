package dev.pipelinejob.placement.replication;

import java.util.Arrays;

/// Finds the closed sets of layers that hold a given one and whose further layers have enough work and do not cost too
/// much: each once, as long as a number of steps lasts.
///
/// Layers whose sources alone cost too much are out; layers without which too little work is left are in. Only the few
/// layers between are tried both ways.
final class SetsBeyond {
    private final double[] work;
    private final double[] bytes;
    /// For each layer, itself and all that it asks for, and itself and all that ask for it.
    private final long[][] below;
    private final long[][] above;
    private final int[][] before;

    private final long[] in;
    private final int[] candidates;
    private final double[] cost;
    private final double[] sums;
    private final int[] open;
    /// Layers that cannot come in any more, by how many were left out; at first those that cost too much.
    private final long[][] out;

    private int opened;
    private long stepsGiven;
    private long stepsLeft;
    private boolean complete;
    private Taker taker = (_, _, _) -> true;
    private double most;
    private double least;

    /// Told each set that was found.
    interface Taker {
        /// Whether more sets are wanted.
        boolean take(long[] set, double moreWork, double moreBytes);
    }

    /// @param before the layers that each layer asks for, all with smaller numbers
    SetsBeyond(int[][] before, double[] work, double[] bytes) {
        int layers = before.length;
        this.before = before.clone();
        this.work = work.clone();
        this.bytes = bytes.clone();
        int words = words(layers);
        below = new long[layers][words];
        above = new long[layers][words];
        for (int layer = 0; layer < layers; layer++) {
            below[layer][layer >> 6] |= 1L << layer;
            for (int source : before[layer]) {
                join(below[layer], below[source]);
            }
        }
        for (int layer = layers - 1; layer >= 0; layer--) {
            above[layer][layer >> 6] |= 1L << layer;
            for (int source : before[layer]) {
                join(above[source], above[layer]);
            }
        }
        in = new long[words];
        candidates = new int[layers];
        cost = new double[layers];
        sums = new double[layers];
        open = new int[layers];
        out = new long[layers + 1][words];
    }

    /// How many steps the last question took.
    long stepsTaken() {
        return stepsGiven - stepsLeft;
    }

    static int words(int layers) {
        return (layers + Long.SIZE - 1) / Long.SIZE;
    }

    private static void join(long[] into, long[] other) {
        for (int word = 0; word < into.length; word++) {
            into[word] |= other[word];
        }
    }

    private static boolean has(long[] set, int layer) {
        return (set[layer >> 6] >>> layer & 1) != 0;
    }

    /// Tells the taker of each set; false when steps ended or the taker had enough before all were found.
    ///
    /// @param start the set that is held
    /// @param slope what a byte of parameters costs beside work
    /// @param mostCost of the further layers together
    /// @param leastWork of the further layers together
    /// @param steps how many may be taken
    boolean each(long[] start, double slope, double mostCost, double leastWork, long steps, Taker told) {
        most = mostCost;
        least = leastWork;
        stepsGiven = steps;
        stepsLeft = steps;
        complete = true;
        taker = told;
        int count = candidates(start, slope);
        double available = 0;
        for (int index = 0; index < count; index++) {
            available += work[candidates[index]];
        }
        if (available < least) {
            return stepsLeft > 0;
        }
        lost(count);
        System.arraycopy(start, 0, in, 0, in.length);
        double forcedCost = 0;
        double forcedWork = 0;
        double forcedBytes = 0;
        opened = 0;
        for (int index = 0; index < count; index++) {
            int layer = candidates[index];
            if (available - sums[layer] < least) {
                in[layer >> 6] |= 1L << layer;
                forcedCost += cost[layer];
                forcedWork += work[layer];
                forcedBytes += bytes[layer];
            } else {
                open[opened++] = layer;
            }
        }
        if (forcedCost <= most) {
            walk(0, 0, forcedCost, available, forcedWork, forcedBytes);
        }
        return complete && stepsLeft > 0;
    }

    /// Collects the layers beyond a set that alone, with all they ask for, do not cost too much.
    private int candidates(long[] start, double slope) {
        int count = 0;
        long[] reached = start.clone();
        for (int layer = 0; layer < before.length; layer++) {
            if (has(start, layer) || !holdsSources(reached, layer)) {
                continue;
            }
            cost[layer] = work[layer] + slope * bytes[layer];
            sums[layer] = cost[layer];
            int heaviest = -1;
            for (int source : before[layer]) {
                boolean heavier = !has(start, source) && (heaviest < 0 || sums[source] > sums[heaviest]);
                heaviest = heavier ? source : heaviest;
            }
            if (heaviest >= 0) {
                sums[layer] = sums[heaviest] + sum(cost, below[layer], below[heaviest], start);
            }
            if (sums[layer] <= most) {
                reached[layer >> 6] |= 1L << layer;
                candidates[count++] = layer;
            }
        }
        return count;
    }

    private boolean holdsSources(long[] set, int layer) {
        for (int source : before[layer]) {
            if (!has(set, source)) {
                return false;
            }
        }
        return true;
    }

    /// Adds up what is in a set and in neither of two others.
    private double sum(double[] amounts, long[] set, long[] other, long[] another) {
        double sum = 0;
        for (int word = 0; word < set.length; word++) {
            for (long left = set[word] & ~other[word] & ~another[word]; left != 0; left &= left - 1) {
                sum += amounts[word * Long.SIZE + Long.numberOfTrailingZeros(left)];
                stepsLeft--;
            }
        }
        stepsLeft--;
        return sum;
    }

    /// Work that is lost to sets without a layer, for each layer beyond a set that may come in.
    private void lost(int count) {
        long[] none = out[0];
        Arrays.fill(none, -1L);
        for (int index = 0; index < count; index++) {
            none[candidates[index] >> 6] &= ~(1L << candidates[index]);
        }
        int[] heaviest = new int[before.length];
        Arrays.fill(heaviest, -1);
        for (int index = count - 1; index >= 0; index--) {
            int layer = candidates[index];
            sums[layer] = heaviest[layer] < 0
                    ? work[layer]
                    : sums[heaviest[layer]] + sum(work, above[layer], above[heaviest[layer]], none);
            for (int source : before[layer]) {
                boolean heavier = heaviest[source] < 0 || sums[layer] > sums[heaviest[source]];
                heaviest[source] = heavier ? layer : heaviest[source];
            }
        }
    }

    /// Tries both ways for each open layer from one on.
    ///
    /// @param outsAt how many layers were left out on the way; what they rule out is in [#out]
    /// @param reachable work of all layers that are in or may come in
    private void walk(int index, int outsAt, double costIn, double reachable, double workIn, double bytesIn) {
        stepsLeft--;
        if (stepsLeft <= 0 || !complete) {
            complete = false;
            return;
        }
        long[] ruledOut = out[outsAt];
        int next = index;
        while (next < opened && has(ruledOut, open[next])) {
            next++;
        }
        if (next == opened) {
            complete = workIn < least || taker.take(in.clone(), workIn, bytesIn);
            return;
        }
        int layer = open[next];
        if (costIn + cost[layer] <= most) {
            in[layer >> 6] |= 1L << layer;
            walk(next + 1, outsAt, costIn + cost[layer], reachable, workIn + work[layer], bytesIn + bytes[layer]);
            in[layer >> 6] &= ~(1L << layer);
        }
        double left = reachable - sum(work, above[layer], ruledOut, ruledOut);
        if (left >= least) {
            long[] more = out[outsAt + 1];
            for (int word = 0; word < more.length; word++) {
                more[word] = ruledOut[word] | above[layer][word];
            }
            walk(next + 1, outsAt + 1, costIn, left, workIn, bytesIn);
        }
    }
}
