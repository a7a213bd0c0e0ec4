package dev.pipelinejob.placement.partition;

import java.util.Arrays;

/// A growing row of values under suffix additions, searched for the cheapest end that is low enough.
///
/// Value i is the sum of all differences up to i. A suffix addition changes one difference, so it costs one path to
/// the root; each node keeps the sum and the least prefix sum of its differences, and the least cost in each layer.
final class PrefixMinimumTree {
    private final int size;
    private final double[] sum;
    private final double[] least;
    private final int[][] cost;

    /// What a search found besides its answer: the least excess over the limit among what it turned down.
    double leastExcess;

    private int foundAt;
    private int foundCost;

    PrefixMinimumTree(int positions, int layers) {
        this.size = Integer.highestOneBit(Math.max(1, positions - 1)) * 2;
        this.sum = new double[2 * size];
        this.least = new double[2 * size];
        this.cost = new int[layers][2 * size];
    }

    void clear() {
        leastExcess = Double.POSITIVE_INFINITY;
        Arrays.fill(sum, 0);
        Arrays.fill(least, Double.POSITIVE_INFINITY);
        for (int[] layer : cost) {
            Arrays.fill(layer, Integer.MAX_VALUE);
        }
    }

    /// Adds to all values from a position on, also to those that are set later.
    void addFrom(int position, double change) {
        int node = position + size;
        sum[node] += change;
        if (least[node] != Double.POSITIVE_INFINITY) {
            least[node] = sum[node];
        }
        lift(node);
    }

    /// Sets the value of a position behind all that were set before. A position that is never set is never found.
    void append(int position, double value) {
        int node = position + size;
        sum[node] = value - sum[1];
        least[node] = sum[node];
        lift(node);
    }

    private void lift(int leaf) {
        for (int node = leaf >> 1; node > 0; node >>= 1) {
            int left = 2 * node;
            sum[node] = sum[left] + sum[left + 1];
            least[node] = Math.min(least[left], sum[left] + least[left + 1]);
        }
    }

    void setCost(int layer, int position, int value) {
        int[] tree = cost[layer];
        int node = position + size;
        tree[node] = value;
        for (node >>= 1; node > 0 && tree[node] > value; node >>= 1) {
            tree[node] = value;
        }
    }

    /// The position from `from` on with a value of at most `limit` and the least cost; -1 when there is none.
    int cheapest(int layer, int from, double limit) {
        foundAt = -1;
        foundCost = Integer.MAX_VALUE;
        search(1, 0, size, layer, from, limit);
        return foundAt;
    }

    /// Whether a position from `from` on has the least cost of all from there on, and a value of at most `limit`.
    boolean isCheapest(int layer, int position, int from, double limit) {
        if (position < from) {
            return false;
        }
        int[] tree = cost[layer];
        int least = tree[from + size];
        for (int node = from + size; node > 1; node >>= 1) {
            if ((node & 1) == 0) {
                least = Math.min(least, tree[node + 1]);
            }
        }
        return least != Integer.MAX_VALUE && tree[position + size] == least && value(position) <= limit;
    }

    private double value(int position) {
        double value = sum[position + size];
        for (int node = position + size; node > 1; node >>= 1) {
            if ((node & 1) == 1) {
                value += sum[node - 1];
            }
        }
        return value;
    }

    private void search(int node, int begin, int length, int layer, int from, double limit) {
        if (begin + length <= from || cost[layer][node] >= foundCost) {
            return;
        }
        double excess = least[node] - limit;
        if (excess > 0 && begin >= from) {
            leastExcess = Math.min(leastExcess, excess);
            return;
        }
        if (length == 1) {
            foundAt = begin;
            foundCost = cost[layer][node];
            return;
        }
        int half = length >> 1;
        int left = 2 * node;
        if (cost[layer][left + 1] < cost[layer][left]) {
            search(left + 1, begin + half, half, layer, from, limit - sum[left]);
            search(left, begin, half, layer, from, limit);
        } else {
            search(left, begin, half, layer, from, limit);
            search(left + 1, begin + half, half, layer, from, limit - sum[left]);
        }
    }

    /// The position in a range (end exclusive) with the least cost; -1 when all cost too much.
    int cheapestIn(int layer, int from, int end) {
        int best = -1;
        int bestCost = Integer.MAX_VALUE;
        int[] tree = cost[layer];
        int low = from + size;
        int high = end + size;
        while (low < high) {
            if ((low & 1) == 1) {
                if (tree[low] < bestCost) {
                    bestCost = tree[low];
                    best = low;
                }
                low++;
            }
            if ((high & 1) == 1) {
                high--;
                if (tree[high] < bestCost) {
                    bestCost = tree[high];
                    best = high;
                }
            }
            low >>= 1;
            high >>= 1;
        }
        while (best >= 0 && best < size) {
            best = tree[2 * best] == bestCost ? 2 * best : 2 * best + 1;
        }
        return best < 0 ? -1 : best - size;
    }
}
