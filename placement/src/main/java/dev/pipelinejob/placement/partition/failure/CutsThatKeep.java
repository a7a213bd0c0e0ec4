package dev.pipelinejob.placement.partition.failure;

import dev.pipelinejob.placement.partition.GrowingLoad;
import dev.pipelinejob.placement.partition.UnitGraph;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Cuts one order, in which the shares of a running split follow each other, so that the most bytes stay in place.
///
/// A new share may keep the device of any old share that it overlaps, if no other new share does; the others get free
/// devices. Two new shares never want each other's old devices crosswise, because both rows have the same order, so a
/// dynamic program from left to right is exact: for each position and number of shares used, with a mark whether the
/// old share that the position lies in has already passed its device on.
final class CutsThatKeep {
    private static final double NONE = -1;
    /// Above this, not all numbers of shares beyond the fewest are tried, and the answer may move more than it must.
    private static final int MOST_CELLS = 4_000_000;

    private final UnitGraph graph;
    private final int[] order;
    private final int units;
    /// The old shares in order: where each begins, and whose it was.
    private final int[] runStart;
    private final int[] runDevice;
    private final int[] runOf;
    private final double[] bytesBefore;
    private final GrowingLoad load;

    /// Kept bytes by position, shares used (counted from the fewest that reach the position) and mark.
    private double[][] kept = new double[0][0];
    private int[][] from = new int[0][0];
    private int[][] keeper = new int[0][0];
    private int[] fewest = new int[0];
    private int[] fewestBehind = new int[0];
    private int width;

    CutsThatKeep(UnitGraph graph, int[] order, int[] deviceOfUnit) {
        this.graph = graph;
        this.order = order.clone();
        this.units = order.length;
        this.bytesBefore = new double[units + 1];
        this.runOf = new int[units + 1];
        int[] start = new int[units + 1];
        int[] device = new int[units];
        int runs = 0;
        for (int position = 0; position < units; position++) {
            int unit = order[position];
            bytesBefore[position + 1] = bytesBefore[position] + graph.bytes(unit);
            if (position == 0 || deviceOfUnit[unit] != deviceOfUnit[order[position - 1]]) {
                start[runs] = position;
                device[runs++] = deviceOfUnit[unit];
            }
            runOf[position] = runs - 1;
        }
        runOf[units] = runs;
        start[runs] = units;
        this.runStart = Arrays.copyOf(start, runs + 1);
        this.runDevice = Arrays.copyOf(device, runs);
        this.load = new GrowingLoad(graph, this.order);
    }

    /// Device of each unit; null when no cut has loads of at most the limit.
    int @Nullable [] best(Set<Integer> lost, List<Integer> free, double limit) {
        boolean[] gone = new boolean[runDevice.length];
        int devices = free.size();
        for (int run = 0; run < gone.length; run++) {
            gone[run] = lost.contains(runDevice[run]);
            devices += gone[run] ? 0 : 1;
        }
        int[] firstLeft = reach(limit);
        if (fewest[units] > devices) {
            return null;
        }
        width = Math.clamp(MOST_CELLS / (units + 1), 1, devices - fewest[units] + 1);
        kept = new double[units + 1][2 * width];
        from = new int[units + 1][2 * width];
        keeper = new int[units + 1][2 * width];
        for (double[] row : kept) {
            Arrays.fill(row, NONE);
        }
        kept[0][0] = 0;
        for (int end = 1; end <= units; end++) {
            if (fewest[end] + fewestBehind[end] <= devices) {
                extend(end, firstLeft[end], gone, limit);
            }
        }
        return split(free, gone);
    }

    /// The fewest shares up to and behind each position; returns the leftmost start of a share that ends there.
    private int[] reach(double limit) {
        int most = units + 1;
        fewest = new int[units + 1];
        fewestBehind = new int[units + 1];
        Arrays.fill(fewest, 1, units + 1, most);
        Arrays.fill(fewestBehind, 0, units, most);
        int[] firstLeft = new int[units + 1];
        for (int end = 1; end <= units; end++) {
            firstLeft[end] = end;
            for (int left = end - 1; left >= 0 && grow(left, end, limit); left--) {
                if (load.millis() <= limit && fewest[left] < most) {
                    fewest[end] = Math.min(fewest[end], fewest[left] + 1);
                }
                firstLeft[end] = left;
            }
        }
        for (int end = units; end > 0; end--) {
            for (int left = end - 1; left >= firstLeft[end] && fewestBehind[end] < most; left--) {
                grow(left, end, limit);
                if (load.millis() <= limit) {
                    fewestBehind[left] = Math.min(fewestBehind[left], fewestBehind[end] + 1);
                }
            }
        }
        return firstLeft;
    }

    /// Lets the share that ends at a position begin one earlier; whether it can still fit.
    private boolean grow(int left, int end, double limit) {
        if (left == end - 1) {
            load.begin(end);
        }
        return graph.supported(order[left])
                && bytesBefore[end] - bytesBefore[left] <= graph.memoryBytes()
                && load.add(left, limit);
    }

    private void extend(int end, int firstLeft, boolean[] gone, double limit) {
        for (int left = end - 1; left >= firstLeft; left--) {
            grow(left, end, limit);
            if (load.millis() > limit || fewest[left] > units) {
                continue;
            }
            for (int mark = 0; mark < 2; mark++) {
                offer(left, end, mark, gone);
            }
        }
    }

    /// Offers the share between two positions to all numbers of shares used, for each mark at its left.
    private void offer(int left, int end, int mark, boolean[] gone) {
        int firstRun = runOf[left];
        int lastRun = runOf[end - 1];
        boolean straddles = end < units && runOf[end] == lastRun;
        int best = -1;
        double gain = 0;
        for (int run = firstRun; run <= (straddles ? lastRun - 1 : lastRun); run++) {
            boolean taken = gone[run] || (run == firstRun && mark == 1);
            double stays = taken ? 0 : overlap(run, left, end);
            if (stays > gain) {
                gain = stays;
                best = run;
            }
        }
        boolean passedOn = straddles && lastRun == firstRun && mark == 1;
        put(left, end, mark, passedOn ? 1 : 0, best, gain);
        if (straddles && !passedOn && !gone[lastRun]) {
            put(left, end, mark, 1, lastRun, overlap(lastRun, left, end));
        }
    }

    private double overlap(int run, int left, int end) {
        return bytesBefore[Math.min(end, runStart[run + 1])] - bytesBefore[Math.max(left, runStart[run])];
    }

    private void put(int left, int end, int mark, int newMark, int run, double gain) {
        int shift = fewest[left] + 1 - fewest[end];
        double[] before = kept[left];
        double[] after = kept[end];
        for (int more = Math.max(0, -shift); more < width && more + shift < width; more++) {
            double candidate = before[2 * more + mark];
            int slot = 2 * (more + shift) + newMark;
            if (candidate >= 0 && candidate + gain > after[slot]) {
                after[slot] = candidate + gain;
                from[end][slot] = 2 * left + mark;
                keeper[end][slot] = run;
            }
        }
    }

    private int @Nullable [] split(List<Integer> free, boolean[] gone) {
        int slot = -1;
        for (int candidate = 0; candidate < 2 * width; candidate++) {
            if (kept[units][candidate] >= 0 && (slot < 0 || kept[units][candidate] > kept[units][slot])) {
                slot = candidate;
            }
        }
        if (slot < 0) {
            return null;
        }
        int[] keeperAt = new int[units];
        int[] startAt = new int[units];
        int shares = 0;
        int end = units;
        boolean[] passedOn = gone.clone();
        while (end > 0) {
            int left = from[end][slot] / 2;
            int mark = from[end][slot] % 2;
            startAt[shares] = left;
            keeperAt[shares] = keeper[end][slot];
            if (keeperAt[shares] >= 0) {
                passedOn[keeperAt[shares]] = true;
            }
            slot = 2 * (slot / 2 - (fewest[left] + 1 - fewest[end])) + mark;
            shares++;
            end = left;
        }
        return assigned(startAt, keeperAt, shares, free, passedOn);
    }

    /// Shares that keep no device take the free ones, then those that no share keeps.
    private int[] assigned(int[] startAt, int[] keeperAt, int shares, List<Integer> free, boolean[] passedOn) {
        int[] deviceOfUnit = new int[units];
        int nextFree = 0;
        int nextRun = 0;
        for (int share = shares - 1; share >= 0; share--) {
            int device;
            if (keeperAt[share] >= 0) {
                device = runDevice[keeperAt[share]];
            } else if (nextFree < free.size()) {
                device = free.get(nextFree++);
            } else {
                while (passedOn[nextRun]) {
                    nextRun++;
                }
                device = runDevice[nextRun++];
            }
            int end = share == 0 ? units : startAt[share - 1];
            for (int position = startAt[share]; position < end; position++) {
                deviceOfUnit[order[position]] = device;
            }
        }
        return deviceOfUnit;
    }
}
