package dev.pipelinejob.placement.partition;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A bound for splits from what single devices can earn.
///
/// Let each unit earn a whole number. No device within a limit earns more than the best share does, so that all devices
/// together earn at most so much; when that is less than what there is to earn, no split is within the limit. This
/// holds for all earnings. Good ones are looked for by raising what the best share leaves out and lowering what it has.
public final class CoverBound {
    private static final int[] MOST_EARNINGS = {600, 400, 250, 150, 80};
    private static final int FEWEST_EARNINGS = 80;
    private static final int EARNINGS_A_UNIT = 15;
    private static final int MOST_STATES = 3_000;
    private static final int MOST_THRESHOLDS = 12;
    private static final double FIRST_THRESHOLD = 1e-6;
    private static final double NEXT_THRESHOLD = 4;
    private static final double ROOM_ABOVE_SHARE = 1.12;
    private static final int MOST_ROUNDS = 400;
    private static final int PATIENCE = 15;
    private static final double INERTIA = 0.6;
    private static final double SLOWER = 0.7;
    private static final double FIRST_AIM = 0.3;
    private static final double LEAST_AIM = 2e-4;
    private static final double OVERSHOOT = 1e-3;
    private static final int HALVINGS = 60;
    private static final double SAFE = 1 - 1e-11;

    private final UnitGraph graph;
    private final boolean contiguous;
    private final double known;
    private final int mostStates;
    private final SearchControl control;
    private final int accelerators;
    private final double[] base;
    /// Units with the same work and the same cost of nets are of one kind.
    private final int[] kindOf;

    private final int kinds;

    /// Bounds below a value that a split is known to have.
    ///
    /// @param contiguous whether only splits with contiguous shares matter
    public CoverBound(UnitGraph graph, boolean contiguous, double known, SearchControl control) {
        this(graph, contiguous, known, MOST_STATES, control);
    }

    /// Bounds with so many states at most; with more, fewer nets are left out of wide graphs.
    CoverBound(UnitGraph graph, boolean contiguous, double known, int mostStates, SearchControl control) {
        this.graph = graph;
        this.mostStates = mostStates;
        this.contiguous = contiguous;
        this.known = known;
        this.control = control;
        this.accelerators = graph.accelerators();
        this.base = graph.work.clone();
        this.kindOf = new int[graph.units];
        Map<List<Double>, Integer> numbers = new HashMap<>();
        for (int unit = 0; unit < kindOf.length; unit++) {
            double nets = 0;
            for (int index = graph.netsOfUnit.from(unit); index < graph.netsOfUnit.end(unit); index++) {
                nets += graph.netMillis[graph.netsOfUnit.item(index)];
            }
            List<Double> kind = List.of(digits(graph.work[unit]), digits(nets), digits(graph.cpuWork[unit]));
            numbers.putIfAbsent(kind, numbers.size());
            kindOf[unit] = numbers.getOrDefault(kind, 0);
        }
        this.kinds = numbers.size();
    }

    /// Rounded, so that what is summed in another order is the same.
    private static double digits(double value) {
        return (float) value;
    }

    /// The given bound or a larger one.
    public double raise(double lower) {
        List<ShareStates.Layer> layers = accelerators == 0 || graph.units == 0 ? null : layers();
        if (layers == null) {
            return lower;
        }
        for (int most : MOST_EARNINGS) {
            if (most <= FEWEST_EARNINGS + EARNINGS_A_UNIT * graph.units
                    && ShareProfile.entries(layers, most) * 3 <= control.mostBytes()) {
                return new Search(layers, most).raise(lower);
            }
        }
        return lower;
    }

    /// The shares as layers, without the lightest nets where these make too many states.
    private @Nullable List<ShareStates.Layer> layers() {
        double threshold = 0;
        for (int round = 0; round < MOST_THRESHOLDS && !control.stopped(); round++) {
            boolean[] counts = new boolean[graph.nets()];
            for (int net = 0; net < counts.length; net++) {
                counts[net] = graph.netMillis[net] > threshold;
            }
            List<ShareStates.Layer> layers = ShareStates.of(graph, counts, contiguous, known, mostStates);
            if (layers != null) {
                return layers;
            }
            threshold = threshold == 0 ? FIRST_THRESHOLD * known : NEXT_THRESHOLD * threshold;
        }
        return null;
    }

    /// The search for good earnings.
    private final class Search {
        private final List<ShareStates.Layer> layers;
        private final ShareProfile profile;
        private final int most;
        private final int total;
        private final double[] way;
        private double[] wanted;
        private boolean byKind = true;
        private double pace = 1;
        private int[] earnings;
        private double[] least;

        Search(List<ShareStates.Layer> layers, int most) {
            this.layers = layers;
            this.most = most;
            this.total = (int) (most / ROOM_ABOVE_SHARE * accelerators);
            this.profile = new ShareProfile(layers, graph.units, most, known);
            this.way = new double[graph.units];
            this.wanted = scaled(base);
            this.earnings = new int[graph.units];
            this.least = new double[0];
        }

        double raise(double lower) {
            double best = lower;
            double[] good = wanted;
            double aim = FIRST_AIM * (known - lower) / known;
            int since = 0;
            for (int round = 0; round < MOST_ROUNDS && aim > LEAST_AIM && !control.stopped(); round++) {
                earnings = rounded(wanted);
                least = profile.least(earnings);
                double bound = critical() * SAFE;
                if (bound > best * (1 + LEAST_AIM / 10)) {
                    best = Math.min(bound, known);
                    good = wanted;
                    since = 0;
                } else if (++since > PATIENCE) {
                    since = 0;
                    pace *= SLOWER;
                    aim /= byKind ? 1 : 2;
                    byKind = !byKind;
                    Arrays.fill(way, 0);
                    wanted = good;
                    earnings = rounded(wanted);
                    least = profile.least(earnings);
                }
                if (best >= known) {
                    break;
                }
                step(Math.min(known, best * (1 + aim)));
            }
            return best;
        }

        private double[] scaled(double[] weights) {
            double sum = Arrays.stream(weights).sum();
            return Arrays.stream(weights)
                    .map(weight -> sum > 0 ? weight / sum * total : 0)
                    .toArray();
        }

        /// Whole numbers with sums along the order that stay beside those that are wanted.
        private int[] rounded(double[] weights) {
            int[] whole = new int[weights.length];
            double sum = 0;
            long given = 0;
            for (ShareStates.Layer layer : layers) {
                sum += weights[layer.unit()];
                whole[layer.unit()] = (int) (Math.round(sum) - given);
                given += whole[layer.unit()];
            }
            return whole;
        }

        /// The least limit that these earnings do not refuse.
        private double critical() {
            int sum = Arrays.stream(earnings).sum();
            double low = 0;
            double high = known;
            if (!isRefused(known, sum)) {
                for (int halving = 0; halving < HALVINGS; halving++) {
                    double middle = (low + high) / 2;
                    if (isRefused(middle, sum)) {
                        low = middle;
                    } else {
                        high = middle;
                    }
                }
                return low;
            }
            return known;
        }

        private boolean isRefused(double limit, int sum) {
            double onCpus = Math.floor(relief(limit, null) + 1e-6);
            return accelerators * (double) earned(limit) + onCpus < sum;
        }

        /// The most that an accelerator earns within a limit.
        private int earned(double limit) {
            int earned = most;
            while (earned > 0 && least[earned] > limit) {
                earned--;
            }
            return earned;
        }

        /// The most that all CPUs earn together, units taken in parts.
        private double relief(double limit, double @Nullable [] parts) {
            if (graph.cpus() == 0) {
                return 0;
            }
            int[] byRatio = IntStream.range(0, graph.units)
                    .filter(unit -> earnings[unit] > 0)
                    .boxed()
                    .sorted(Comparator.comparingDouble(unit -> graph.cpuWork[unit] / earnings[unit]))
                    .mapToInt(unit -> unit)
                    .toArray();
            double left = graph.cpus() * limit;
            double earned = 0;
            for (int unit : byRatio) {
                double part = graph.cpuWork[unit] <= left ? 1 : left / graph.cpuWork[unit];
                earned += part * earnings[unit];
                left -= part * graph.cpuWork[unit];
                if (parts != null) {
                    parts[unit] = part;
                }
                if (part < 1) {
                    break;
                }
            }
            return earned;
        }

        /// Moves what is wanted so that the limit is nearly refused, as far as one share and the CPUs tell.
        private void step(double limit) {
            double[] taken = new double[graph.units];
            double onCpus = relief(limit, taken);
            int earned = earned(limit);
            boolean[] share = profile.share(earned, earnings);
            double missing = accelerators * (double) earned + onCpus - total * (1 - OVERSHOOT);
            double square = 0;
            for (int unit = 0; unit < way.length; unit++) {
                double now = 1 - taken[unit] - (share[unit] ? accelerators : 0);
                way[unit] = INERTIA * way[unit] + (1 - INERTIA) * now;
            }
            if (byKind) {
                level(way);
            }
            for (int unit = 0; unit < way.length; unit++) {
                square += base[unit] * way[unit] * way[unit];
            }
            double[] moved = wanted.clone();
            for (int unit = 0; unit < moved.length && square > 0; unit++) {
                moved[unit] = Math.max(0, moved[unit] + pace * missing / square * base[unit] * way[unit]);
            }
            wanted = scaled(moved);
        }

        /// The same for all units that are alike: in a row of equal blocks, one share says little about one block.
        private void level(double[] values) {
            double[] sum = new double[kinds];
            int[] units = new int[kinds];
            for (int unit = 0; unit < values.length; unit++) {
                sum[kindOf[unit]] += values[unit];
                units[kindOf[unit]]++;
            }
            for (int unit = 0; unit < values.length; unit++) {
                values[unit] = sum[kindOf[unit]] / units[kindOf[unit]];
            }
        }
    }
}
