package dev.pipelinejob.placement.partition;

import java.util.Arrays;
import java.util.List;

/// The least load with which one accelerator earns at least so much, where each unit earns a whole number.
///
/// Exact for the nets that count: the table goes by earnings, which are whole, and keeps loads, which are not.
final class ShareProfile {
    private static final double NONE = Double.POSITIVE_INFINITY;

    private final List<ShareStates.Layer> layers;
    private final int units;
    private final int most;
    private final double limit;
    private double[] now;
    private double[] next;
    /// For each layer, reached state and earnings: where from, and whether the unit joined.
    private final char[][] from;
    /// The same for earnings that were cut down to the most that count: what was earned before.
    private final char[][] before;

    /// Profiles up to some earnings.
    ///
    /// @param most more is counted as this much
    /// @param limit loads above do not matter
    ShareProfile(List<ShareStates.Layer> layers, int units, int most, double limit) {
        this.layers = layers;
        this.units = units;
        this.most = most;
        this.limit = limit;
        int largest = 1;
        this.from = new char[layers.size()][];
        this.before = new char[layers.size()][];
        for (int index = 0; index < layers.size(); index++) {
            int reached = statesAfter(index);
            largest = Math.max(largest, Math.max(reached, layers.get(index).states()));
            from[index] = new char[reached * (most + 1)];
            before[index] = new char[reached];
        }
        this.now = new double[largest * (most + 1)];
        this.next = new double[largest * (most + 1)];
    }

    /// Entries of all tables together.
    static long entries(List<ShareStates.Layer> layers, int most) {
        return layers.stream()
                .mapToLong(layer -> (long) layer.states() * (most + 1))
                .sum();
    }

    private int statesAfter(int index) {
        return index + 1 < layers.size() ? layers.get(index + 1).states() : 1;
    }

    /// The least load for each amount that is earned exactly, the last one for that amount or more.
    double[] least(int[] earnings) {
        Arrays.fill(now, 0, most + 1, NONE);
        now[0] = 0;
        for (int index = 0; index < layers.size(); index++) {
            ShareStates.Layer layer = layers.get(index);
            Arrays.fill(next, 0, statesAfter(index) * (most + 1), NONE);
            for (int state = 0; state < layer.states(); state++) {
                if (layer.to()[ShareStates.BEFORE][state] >= 0) {
                    stay(layer, ShareStates.BEFORE, state, index);
                }
                if (layer.to()[ShareStates.BEHIND][state] >= 0) {
                    stay(layer, ShareStates.BEHIND, state, index);
                }
                if (layer.to()[ShareStates.IN][state] >= 0) {
                    join(layer, state, Math.min(earnings[layer.unit()], most), index);
                }
            }
            double[] swapped = now;
            now = next;
            next = swapped;
        }
        return Arrays.copyOf(now, most + 1);
    }

    private void stay(ShareStates.Layer layer, int place, int state, int index) {
        int source = state * (most + 1);
        int target = layer.to()[place][state] * (most + 1);
        double millis = layer.millis()[place][state];
        char mark = (char) (2 * state);
        char[] origin = from[index];
        for (int earned = 0; earned <= most; earned++) {
            double load = now[source + earned] + millis;
            if (load < next[target + earned] && load <= limit) {
                next[target + earned] = load;
                origin[target + earned] = mark;
                if (earned == most) {
                    before[index][layer.to()[place][state]] = (char) most;
                }
            }
        }
    }

    private void join(ShareStates.Layer layer, int state, int earns, int index) {
        int source = state * (most + 1);
        int target = layer.to()[ShareStates.IN][state] * (most + 1);
        double millis = layer.millis()[ShareStates.IN][state];
        char mark = (char) (2 * state + 1);
        char[] origin = from[index];
        for (int earned = 0; earned < most - earns; earned++) {
            double load = now[source + earned] + millis;
            int to = target + earned + earns;
            if (load < next[to] && load <= limit) {
                next[to] = load;
                origin[to] = mark;
            }
        }
        for (int earned = most - earns; earned <= most; earned++) {
            double load = now[source + earned] + millis;
            if (load < next[target + most] && load <= limit) {
                next[target + most] = load;
                origin[target + most] = mark;
                before[index][layer.to()[ShareStates.IN][state]] = (char) earned;
            }
        }
    }

    /// The units of the share that earns so much with the least load, in the profile made last.
    boolean[] share(int earned, int[] earnings) {
        boolean[] share = new boolean[units];
        int state = 0;
        int amount = earned;
        for (int index = layers.size() - 1; index >= 0; index--) {
            int unit = layers.get(index).unit();
            char mark = from[index][state * (most + 1) + amount];
            share[unit] = (mark & 1) != 0;
            if (amount == most) {
                amount = before[index][state];
            } else if (share[unit]) {
                amount -= earnings[unit];
            }
            state = mark >> 1;
        }
        return share;
    }
}
