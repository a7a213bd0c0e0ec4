package dev.pipelinejob.placement.replication;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/// Chooses a way for each layer of a stage so that all fit into memory and take the least time.
///
/// From the fastest ways, layers are exchanged for leaner ones, those first that cost the least time for the bytes that
/// they free (only ways on the lower hull of time over bytes can be such). The price of the last exchange is a price of
/// memory: each layer as cheap as it can be when bytes cost that much, less the price of all memory, is a bound for any
/// choice. What a way costs above its layer's least is then a budget: choices that spend more than the gap between
/// bound and best cannot be better, so few are left to try.
final class WayChoice {
    private static final int MOST_STEPS = 4_000;
    private static final double TINY = 1e-12;

    private final double[][] seconds;
    private final double[][] bytes;
    private final double memory;
    private final int[] best;
    private final int[] now;
    private double bestSeconds = Double.POSITIVE_INFINITY;
    private double lower = Double.POSITIVE_INFINITY;
    private double price;
    private int steps;

    /// @param seconds for each layer and way
    /// @param bytes for each layer and way
    WayChoice(double[][] seconds, double[][] bytes, double memory) {
        this.seconds = seconds;
        this.bytes = bytes;
        this.memory = memory;
        this.best = new int[seconds.length];
        this.now = new int[seconds.length];
        exchange();
    }

    /// No choice that fits takes less; infinite when none fits.
    double lower() {
        return lower;
    }

    /// Time of the choice found; infinite when none fits.
    double upper() {
        return bestSeconds;
    }

    /// The choice found.
    int[] ways() {
        return best;
    }

    /// Another way for a layer than the one before it on the hull.
    private record Step(int layer, int way, double slower, double freed) {
        double rate() {
            return slower / freed;
        }
    }

    private void exchange() {
        List<Step> hulls = new ArrayList<>();
        double excess = -memory;
        for (int layer = 0; layer < seconds.length; layer++) {
            now[layer] = fastest(layer);
            excess += bytes[layer][now[layer]];
            hull(layer, hulls);
        }
        if (excess <= 0) {
            keep();
            lower = bestSeconds;
            return;
        }
        hulls.sort(Comparator.comparingDouble(Step::rate).thenComparingInt(Step::layer));
        for (Step step : hulls) {
            if (step.freed() >= excess) {
                tryLast(excess);
                lower = total() + step.rate() * excess;
            }
            now[step.layer()] = step.way();
            excess -= step.freed();
            if (excess <= 0 && used() <= memory) {
                price = step.rate();
                keep();
                takeBack(hulls, memory - used());
                lower = Math.min(lower, bestSeconds);
                return;
            }
        }
    }

    private int fastest(int layer) {
        int fastest = 0;
        for (int way = 1; way < seconds[layer].length; way++) {
            if (isBetter(layer, way, fastest)) {
                fastest = way;
            }
        }
        return fastest;
    }

    private boolean isBetter(int layer, int way, int other) {
        int order = Double.compare(seconds[layer][way], seconds[layer][other]);
        return order < 0 || (order == 0 && bytes[layer][way] < bytes[layer][other]);
    }

    /// The ways of a layer from its fastest to its leanest that no mixture of others beats.
    private void hull(int layer, List<Step> into) {
        int from = now[layer];
        while (true) {
            Step next = null;
            for (int way = 0; way < seconds[layer].length; way++) {
                double freed = bytes[layer][from] - bytes[layer][way];
                Step step = new Step(layer, way, seconds[layer][way] - seconds[layer][from], freed);
                if (freed > 0
                        && (next == null
                                || step.rate() < next.rate()
                                || (step.rate() == next.rate() && freed > next.freed()))) {
                    next = step;
                }
            }
            if (next == null) {
                return;
            }
            into.add(next);
            from = next.way();
        }
    }

    private double total() {
        double sum = 0;
        for (int layer = 0; layer < now.length; layer++) {
            sum += seconds[layer][now[layer]];
        }
        return sum;
    }

    private double used() {
        double sum = 0;
        for (int layer = 0; layer < now.length; layer++) {
            sum += bytes[layer][now[layer]];
        }
        return sum;
    }

    private void keep() {
        double sum = total();
        if (sum < bestSeconds && used() <= memory) {
            bestSeconds = sum;
            System.arraycopy(now, 0, best, 0, now.length);
        }
    }

    /// Ends with one exchange of any layer that frees all that is still too much.
    private void tryLast(double excess) {
        for (int layer = 0; layer < now.length; layer++) {
            int before = now[layer];
            for (int way = 0; way < seconds[layer].length; way++) {
                if (bytes[layer][before] - bytes[layer][way] >= excess) {
                    now[layer] = way;
                    keep();
                }
            }
            now[layer] = before;
        }
    }

    /// Takes exchanges back that turned out not to be needed, those first that cost the most.
    private void takeBack(List<Step> hulls, double spare) {
        double room = spare;
        List<Step> costly = new ArrayList<>(hulls);
        costly.sort(Comparator.comparingDouble(Step::slower).reversed());
        for (Step step : costly) {
            if (now[step.layer()] == step.way() && step.freed() <= room) {
                int back = wayBefore(step);
                if (back >= 0) {
                    now[step.layer()] = back;
                    room -= step.freed();
                }
            }
        }
        keep();
    }

    private int wayBefore(Step step) {
        for (int way = 0; way < bytes[step.layer()].length; way++) {
            boolean matches = bytes[step.layer()][way] - bytes[step.layer()][step.way()] == step.freed()
                    && seconds[step.layer()][step.way()] - seconds[step.layer()][way] == step.slower();
            if (matches) {
                return way;
            }
        }
        return -1;
    }

    /// Tries what may still be better, until nothing is left or patience ends; then bound and choice agree or not.
    void refine() {
        if (lower >= bestSeconds * (1 - TINY)) {
            return;
        }
        if (new Open().isDone()) {
            lower = bestSeconds;
        }
    }

    /// The ways that are not too dear, searched layer by layer.
    private final class Open {
        private final double[][] above;
        private final double floor;
        private final int[] order;
        private final double[] leastBytesFrom;
        private double fixedBytes;

        private Open() {
            above = new double[seconds.length][];
            double sum = -price * memory;
            for (int layer = 0; layer < above.length; layer++) {
                above[layer] = new double[seconds[layer].length];
                double least = Double.POSITIVE_INFINITY;
                for (int way = 0; way < above[layer].length; way++) {
                    above[layer][way] = seconds[layer][way] + price * bytes[layer][way];
                    least = Math.min(least, above[layer][way]);
                }
                for (int way = 0; way < above[layer].length; way++) {
                    above[layer][way] -= least;
                }
                sum += least;
            }
            floor = sum;
            order = open();
            leastBytesFrom = new double[order.length + 1];
            for (int index = order.length - 1; index >= 0; index--) {
                double least = Arrays.stream(bytes[order[index]]).min().orElse(0);
                leastBytesFrom[index] = leastBytesFrom[index + 1] + least;
            }
        }

        /// Layers with more than one way that is not too dear, those alike in bytes together. The others are fixed.
        private int[] open() {
            List<Integer> open = new ArrayList<>();
            for (int layer = 0; layer < above.length; layer++) {
                int cheap = 0;
                for (int way = 0; way < above[layer].length; way++) {
                    if (floor + above[layer][way] < bestSeconds * (1 - TINY)) {
                        now[layer] = way;
                        cheap++;
                    }
                }
                if (cheap == 1) {
                    fixedBytes += bytes[layer][now[layer]];
                } else {
                    open.add(layer);
                }
            }
            open.sort(Comparator.<Integer>comparingInt(layer -> Arrays.hashCode(bytes[layer]))
                    .thenComparingDouble(this::slower)
                    .thenComparingInt(layer -> layer));
            return open.stream().mapToInt(layer -> layer).toArray();
        }

        private boolean isDone() {
            return visit(0, 0, fixedBytes);
        }

        /// What the leaner way of a layer with two ways costs in time.
        private double slower(int layer) {
            return seconds[layer].length == 2 ? (seconds[layer][1] - seconds[layer][0]) * leaner(layer) : 0;
        }

        private int leaner(int layer) {
            return bytes[layer][1] < bytes[layer][0] ? 1 : -1;
        }

        /// Whether everything behind this index was seen.
        private boolean visit(int index, double spent, double used) {
            if (++steps > MOST_STEPS) {
                return false;
            }
            if (index == order.length) {
                keep();
                return true;
            }
            int layer = order[index];
            boolean all = true;
            for (int way = 0; way < seconds[layer].length; way++) {
                double spentNow = spent + above[layer][way];
                double usedNow = used + bytes[layer][way];
                boolean worth = floor + spentNow < bestSeconds * (1 - TINY)
                        && usedNow + leastBytesFrom[index + 1] <= memory
                        && !isOutOfTurn(index, way);
                if (worth) {
                    now[layer] = way;
                    all &= visit(index + 1, spentNow, usedNow);
                }
            }
            return all;
        }

        /// Of two layers alike in bytes, the one that loses less time is made lean first.
        private boolean isOutOfTurn(int index, int way) {
            if (index == 0 || seconds[order[index]].length != 2) {
                return false;
            }
            int layer = order[index];
            int before = order[index - 1];
            boolean alike = Arrays.equals(bytes[layer], bytes[before]) && bytes[layer][0] != bytes[layer][1];
            int lean = bytes[layer][1] < bytes[layer][0] ? 1 : 0;
            return alike && way == lean && now[before] != lean;
        }
    }
}
