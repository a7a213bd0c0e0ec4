package dev.pipelinejob.placement.partition.rules;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// How GPipe cuts a row of layers into parts by their work: as its program does it, and as its paper says.
public enum CutRule {
    /// The published program: layer i goes to part min(⌊K·H/total⌋, K − 1), where H is the work up to it, included.
    GPIPE_SHIPPED {
        @Override
        int[] ends(double[] work, int parts) {
            double total = Arrays.stream(work).sum();
            int[] ends = new int[parts];
            double before = 0;
            for (int layer = 0; layer < work.length; layer++) {
                before += work[layer];
                int part = total == 0 ? 0 : (int) Math.min(parts * before / total, parts - 1.0);
                ends[part] = layer + 1;
            }
            for (int part = 1; part < parts; part++) {
                ends[part] = Math.max(ends[part], ends[part - 1]);
            }
            ends[parts - 1] = work.length;
            return ends;
        }
    },
    /// The least variance of the parts' work, which is the least sum of its squares.
    MIN_VARIANCE {
        @Override
        int[] ends(double[] work, int parts) {
            return cheapest(work, parts, (sum, part) -> sum + part * part);
        }
    },
    /// The least work of the largest part.
    MIN_MAX {
        @Override
        int[] ends(double[] work, int parts) {
            return cheapest(work, parts, Math::max);
        }
    };

    /// The most steps that a cut may take.
    static final long MOST_STEPS = 2_000_000_000L;

    /// How the cost of a cut grows by one more part.
    private interface Cost {
        double with(double cost, double part);
    }

    /// Behind which layer each part ends; ascending, parts may be empty.
    abstract int[] ends(double[] work, int parts);

    /// The rule's name as users type it.
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// All names, for messages.
    public static String words() {
        return Arrays.stream(values()).map(CutRule::word).collect(Collectors.joining(", "));
    }

    /// The exact cut by dynamic programming over layers and parts; of equal ones, the one with later cuts.
    private static int[] cheapest(double[] work, int parts, Cost cost) {
        int layers = work.length;
        double[] before = new double[layers + 1];
        for (int layer = 0; layer < layers; layer++) {
            before[layer + 1] = before[layer] + work[layer];
        }
        double[] least = new double[layers + 1];
        Arrays.fill(least, Double.POSITIVE_INFINITY);
        least[0] = 0;
        int[][] from = new int[parts][layers + 1];
        for (int part = 0; part < parts; part++) {
            double[] next = new double[layers + 1];
            Arrays.fill(next, Double.POSITIVE_INFINITY);
            for (int end = 0; end <= layers; end++) {
                for (int begin = 0; begin <= end; begin++) {
                    double candidate = cost.with(least[begin], before[end] - before[begin]);
                    if (candidate <= next[end]) {
                        next[end] = candidate;
                        from[part][end] = begin;
                    }
                }
            }
            least = next;
        }
        int[] ends = new int[parts];
        int end = layers;
        for (int part = parts - 1; part >= 0; part--) {
            ends[part] = end;
            end = from[part][end];
        }
        return ends;
    }
}
