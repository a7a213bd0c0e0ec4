package dev.pipelinejob.placement.replication;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/// Sets of layers that hold, with each layer, all that it asks for: what can be the rest (or the start) of a pipeline.
///
/// They are numbered by size: the empty set is number 0, the set of all layers is the last.
final class ClosedSets {
    private final int layers;
    private final List<long[]> sets;
    private final boolean complete;

    private ClosedSets(int layers, List<long[]> sets, boolean complete) {
        this.layers = layers;
        this.sets = sets;
        this.complete = complete;
    }

    /// All of them, or those along an order when there are more than so many.
    ///
    /// @param needs the layers that each layer asks for
    /// @param order all layers, each behind those that it asks for
    static ClosedSets of(int[][] needs, int[] order, int most) {
        List<long[]> all = grow(needs, most);
        if (all.size() <= most) {
            all.sort(Comparator.comparingInt(ClosedSets::count));
            return new ClosedSets(needs.length, all, true);
        }
        return along(order);
    }

    /// Those that an order goes through.
    static ClosedSets along(int[] order) {
        List<long[]> sets = new ArrayList<>();
        long[] set = new long[words(order.length)];
        sets.add(set.clone());
        for (int layer : order) {
            set[layer >> 6] |= 1L << layer;
            sets.add(set.clone());
        }
        return new ClosedSets(order.length, sets, false);
    }

    /// Some of those that an order goes through: those behind so many of its layers.
    static ClosedSets along(int[] order, int[] behind) {
        ClosedSets all = along(order);
        List<long[]> some = Arrays.stream(behind).mapToObj(all.sets::get).toList();
        return new ClosedSets(order.length, some, false);
    }

    private static int words(int layers) {
        return (layers + Long.SIZE - 1) / Long.SIZE;
    }

    /// Up to one more than so many.
    private static List<long[]> grow(int[][] needs, int most) {
        long[][] masks = new long[needs.length][];
        for (int layer = 0; layer < needs.length; layer++) {
            masks[layer] = new long[words(needs.length)];
            for (int need : needs[layer]) {
                masks[layer][need >> 6] |= 1L << need;
            }
        }
        Set<Key> seen = new HashSet<>();
        List<long[]> found = new ArrayList<>();
        long[] empty = new long[words(needs.length)];
        seen.add(new Key(empty));
        found.add(empty);
        for (int index = 0; index < found.size() && found.size() <= most; index++) {
            long[] set = found.get(index);
            for (int layer = 0; layer < needs.length; layer++) {
                if ((set[layer >> 6] >>> layer & 1) == 0 && holds(set, masks[layer])) {
                    long[] larger = set.clone();
                    larger[layer >> 6] |= 1L << layer;
                    if (seen.add(new Key(larger))) {
                        found.add(larger);
                    }
                }
            }
        }
        return found;
    }

    /// A set by what is in it.
    private static final class Key {
        private final long[] set;
        private final int hash;

        private Key(long[] set) {
            this.set = set;
            this.hash = Arrays.hashCode(set);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Key key && Arrays.equals(set, key.set);
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }

    private static int count(long[] set) {
        return Arrays.stream(set).mapToInt(Long::bitCount).sum();
    }

    private static boolean holds(long[] larger, long[] smaller) {
        for (int word = 0; word < larger.length; word++) {
            if ((smaller[word] & ~larger[word]) != 0) {
                return false;
            }
        }
        return true;
    }

    int size() {
        return sets.size();
    }

    /// Whether these are all, not those of one order only.
    boolean isComplete() {
        return complete;
    }

    boolean has(int set, int layer) {
        return (sets.get(set)[layer >> 6] >>> layer & 1) != 0;
    }

    /// For each set, the smaller ones inside it.
    int[][] inside() {
        int[][] inside = new int[size()][];
        for (int larger = 0; larger < inside.length; larger++) {
            long[] outer = sets.get(larger);
            inside[larger] = complete
                    ? IntStream.range(0, larger)
                            .filter(smaller -> holds(outer, sets.get(smaller)))
                            .toArray()
                    : IntStream.range(0, larger).toArray();
        }
        return inside;
    }

    /// The layers of one set that are not in a smaller one, in ascending order.
    int[] between(int smaller, int larger) {
        long[] inner = sets.get(smaller);
        long[] outer = sets.get(larger);
        int[] members = new int[layers];
        int count = 0;
        for (int word = 0; word < outer.length; word++) {
            for (long left = outer[word] & ~inner[word]; left != 0; left &= left - 1) {
                members[count++] = word * Long.SIZE + Long.numberOfTrailingZeros(left);
            }
        }
        return Arrays.copyOf(members, count);
    }

    /// For each set, the amounts of its layers added up.
    double[] sums(double[] amounts) {
        double[] sums = new double[size()];
        for (int set = 1; set < sums.length; set++) {
            int known = complete ? 0 : set - 1;
            double sum = sums[known];
            for (int layer : between(known, set)) {
                sum += amounts[layer];
            }
            sums[set] = sum;
        }
        return sums;
    }
}
