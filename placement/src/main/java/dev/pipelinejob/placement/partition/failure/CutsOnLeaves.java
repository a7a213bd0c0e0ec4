package dev.pipelinejob.placement.partition.failure;

import dev.pipelinejob.placement.partition.UnitGraph;
import dev.pipelinejob.placement.partition.tree.TreeModel;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Cuts one order over a row of leaves that differ, each taking the next units or none, so that the most bytes stay.
///
/// Exact for the row and for what leaves allow. Links above leaves are seen when a cut is done: where one is crowded,
/// its domain may not begin or end at positions that as many bytes cross, and the row is cut again.
final class CutsOnLeaves {
    private static final double NONE = -1;
    private static final int MOST_ROUNDS = 24;

    private final TreeModel model;
    private final UnitGraph graph;
    private final int[] order;
    private final int units;
    private final double[] bytesBefore;
    private final double[] workBefore;
    private final double[] bytesAcross;
    private final TreeModel.OrderShare share;

    /// Where the share of each leaf of the running split begins and ends in the order.
    private final int[] oldStart;

    private final int[] oldEnd;

    /// Kept bytes by leaves of the row taken and position reached, and where the last of them begins.
    private double[][] kept = new double[0][0];

    private int[][] from = new int[0][0];

    /// Prepares for an order in which the shares of the running split follow each other.
    CutsOnLeaves(TreeModel model, int leaves, int[] order, int[] leafBefore) {
        this.model = model;
        this.graph = model.graph();
        this.order = order.clone();
        this.units = order.length;
        this.bytesBefore = new double[units + 1];
        this.workBefore = new double[units + 1];
        this.bytesAcross = new double[units + 1];
        this.share = model.share(order);
        this.oldStart = new int[leaves];
        this.oldEnd = new int[leaves];
        share.begin(0);
        for (int position = 0; position < units; position++) {
            int unit = order[position];
            bytesBefore[position + 1] = bytesBefore[position] + graph.bytes(unit);
            workBefore[position + 1] = workBefore[position] + graph.work(unit);
            share.add(position);
            bytesAcross[position + 1] = share.bytesAcross();
            int leaf = leafBefore[unit];
            oldStart[leaf] = oldEnd[leaf] == 0 ? position : oldStart[leaf];
            oldEnd[leaf] = position + 1;
        }
    }

    /// Leaf of each unit; null when no cut was found whose loads and times are at most the limit.
    ///
    /// @param row the leaves in the order in which they take units; a unit that stays counts whatever the row is
    int @Nullable [] best(List<Integer> row, double limit) {
        BitSet[] banned = new BitSet[row.size() + 1];
        Arrays.setAll(banned, _ -> new BitSet());
        TreeMap<Integer, Double> lowest = new TreeMap<>();
        for (int round = 0; round < MOST_ROUNDS; round++) {
            int[] found = cut(row, limit, banned);
            int crowded = found == null ? -1 : model.crowdedDomain(found, limit);
            if (found == null || crowded < 0) {
                return found;
            }
            double most = mostAcross(found, crowded);
            if (most >= lowest.getOrDefault(crowded, Double.POSITIVE_INFINITY)) {
                return null;
            }
            lowest.put(crowded, most);
            ban(row, crowded, most, banned);
        }
        return null;
    }

    /// The most bytes that cross a position at which a domain's shares begin or end.
    private double mostAcross(int[] leafOfUnit, int domain) {
        double most = 0;
        for (int position = 1; position < units; position++) {
            boolean before = model.isBelow(leafOfUnit[order[position - 1]], domain);
            boolean behind = model.isBelow(leafOfUnit[order[position]], domain);
            most = before == behind ? most : Math.max(most, bytesAcross[position]);
        }
        return most;
    }

    private void ban(List<Integer> row, int domain, double most, BitSet[] banned) {
        for (int taken = 1; taken < row.size(); taken++) {
            if (model.isBelow(row.get(taken - 1), domain) != model.isBelow(row.get(taken), domain)) {
                for (int position = 1; position < units; position++) {
                    if (bytesAcross[position] >= most) {
                        banned[taken].set(position);
                    }
                }
            }
        }
    }

    private int @Nullable [] cut(List<Integer> row, double limit, BitSet[] banned) {
        int leaves = row.size();
        double[] speedLeft = new double[leaves + 1];
        for (int taken = leaves - 1; taken >= 0; taken--) {
            speedLeft[taken] = speedLeft[taken + 1] + model.speed(row.get(taken));
        }
        // Leaves of one type take the same time, so that each share is judged once for each type.
        int[] types = row.stream().mapToInt(model::typeOf).distinct().sorted().toArray();
        int[] typeOf = row.stream()
                .mapToInt(leaf -> Arrays.binarySearch(types, model.typeOf(leaf)))
                .toArray();
        int[] leafOf = leafOfType(row, typeOf, types.length);
        boolean[] holds = new boolean[types.length];
        double fastest = row.stream().mapToDouble(model::speed).max().orElse(0);
        kept = new double[leaves + 1][units + 1];
        from = new int[leaves + 1][units + 1];
        for (double[] column : kept) {
            Arrays.fill(column, NONE);
        }
        kept[0][0] = 0;
        for (int left = 0; left < units; left++) {
            int low = leaves;
            int high = -1;
            for (int taken = 0; taken < leaves; taken++) {
                boolean canEnd = workBefore[units] - workBefore[left] <= limit * speedLeft[taken] * (1 + 1e-9);
                if (kept[taken][left] >= 0 && canEnd && !banned[taken].get(left)) {
                    low = Math.min(low, taken);
                    high = taken;
                    offer(taken + 1, left, kept[taken][left], left);
                } else {
                    kept[taken][left] = NONE;
                }
            }
            share.begin(left);
            for (int end = left + 1; end <= units && high >= 0 && share.work() <= limit * fastest; end++) {
                share.add(end - 1);
                for (int type = 0; type < holds.length; type++) {
                    holds[type] = share.millisOn(leafOf[type]) <= limit;
                }
                for (int taken = low; taken <= high; taken++) {
                    if (kept[taken][left] >= 0 && holds[typeOf[taken]]) {
                        offer(taken + 1, end, kept[taken][left] + overlap(row.get(taken), left, end), left);
                    }
                }
            }
        }
        return split(row);
    }

    /// A leaf of the row for each type.
    private static int[] leafOfType(List<Integer> row, int[] typeOf, int types) {
        int[] leafOfType = new int[types];
        for (int taken = 0; taken < typeOf.length; taken++) {
            leafOfType[typeOf[taken]] = row.get(taken);
        }
        return leafOfType;
    }

    private void offer(int taken, int end, double stays, int left) {
        if (stays > kept[taken][end]) {
            kept[taken][end] = stays;
            from[taken][end] = left;
        }
    }

    /// Bytes of the units between two positions that the leaf holds already.
    private double overlap(int leaf, int left, int end) {
        int first = Math.max(left, oldStart[leaf]);
        int last = Math.min(end, oldEnd[leaf]);
        return first < last ? bytesBefore[last] - bytesBefore[first] : 0;
    }

    private int @Nullable [] split(List<Integer> row) {
        int taken = row.size();
        for (int candidate = 0; candidate < row.size(); candidate++) {
            taken = kept[candidate][units] > kept[taken][units] ? candidate : taken;
        }
        if (kept[taken][units] < 0) {
            return null;
        }
        int[] leafOfUnit = new int[units];
        int end = units;
        for (; taken > 0; taken--) {
            int left = from[taken][end];
            for (int position = left; position < end; position++) {
                leafOfUnit[order[position]] = row.get(taken - 1);
            }
            end = left;
        }
        return leafOfUnit;
    }
}
