package dev.pipelinejob.placement.replication;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// The best stages within stages over chains of closed sets of layers, level by level, in PipeDream's cost model.
///
/// A group of a level that runs the layers between two sets takes the least largest time of its stages. A stage of m
/// replicas takes (time below + bytes × sync(m)) / m; the first stage of a group brings its parameters into line over
/// all machines of the level below at once, as PipeDream's optimizer counts it. Sets are numbered by work, so that a
/// set inside another has the smaller number. Where the last stage starts is looked for only where neither work before
/// nor work behind is alone too much; along one order the time before grows and the last stage shrinks, so the best
/// place moves one way.
final class LevelSearch {
    private final List<MachineLevel> levels;
    private final double[] work;
    private final double[] bytes;
    private final int[] setOf;
    private final boolean chain;
    /// For each set, the larger ones around it, and the smaller ones inside it.
    private final boolean[][] around;

    private final boolean[][] inside;
    /// For each level and number of replicas: milliseconds that a byte of parameters costs.
    private final double[][] syncMillis;
    /// For each number of replicas at the lowest level and each set: the time of a stage is the difference of two.
    private final double[][] lowestMillis;
    /// For each level, set where the group starts, and number of machines: the least time up to each set.
    private final double[][][][] best;

    LevelSearch(List<MachineLevel> levels, ClosedSets sets, double[] millis, double[] parameterBytes) {
        this.levels = levels;
        this.chain = !sets.isComplete();
        double[] workOf = sets.sums(millis);
        double[] bytesOf = sets.sums(parameterBytes);
        setOf = IntStream.range(0, sets.size())
                .boxed()
                .sorted(Comparator.<Integer>comparingDouble(set -> workOf[set]).thenComparingInt(set -> set))
                .mapToInt(set -> set)
                .toArray();
        work = Arrays.stream(setOf).mapToDouble(set -> workOf[set]).toArray();
        bytes = Arrays.stream(setOf).mapToDouble(set -> bytesOf[set]).toArray();
        inside = chain ? new boolean[0][] : insides(sets);
        around = new boolean[inside.length][inside.length];
        for (int larger = 0; larger < inside.length; larger++) {
            for (int smaller = 0; smaller < larger; smaller++) {
                around[smaller][larger] = inside[larger][smaller];
            }
        }
        syncMillis = levels.stream()
                .map(level -> IntStream.rangeClosed(0, level.machines())
                        .mapToDouble(replicas -> replicas == 0 ? 0 : level.syncMillisPerByte(replicas))
                        .toArray())
                .toArray(double[][]::new);
        lowestMillis = IntStream.rangeClosed(0, levels.getFirst().machines())
                .mapToObj(replicas -> IntStream.range(0, work.length)
                        .mapToDouble(set -> (work[set] + syncMillis[0][replicas] * bytes[set]) / replicas)
                        .toArray())
                .toArray(double[][]::new);
        best = new double[levels.size()][work.length][][];
        for (int level = 0; level < levels.size(); level++) {
            int starts = level == levels.size() - 1 ? 1 : work.length;
            for (int from = 0; from < starts; from++) {
                best[level][from] = times(level, from);
            }
        }
    }

    private boolean[][] insides(ClosedSets sets) {
        int[] numberOf = new int[setOf.length];
        for (int number = 0; number < setOf.length; number++) {
            numberOf[setOf[number]] = number;
        }
        int[][] smaller = sets.inside();
        boolean[][] table = new boolean[setOf.length][setOf.length];
        for (int set = 0; set < smaller.length; set++) {
            for (int other : smaller[set]) {
                table[numberOf[set]][numberOf[other]] = true;
            }
        }
        return table;
    }

    private boolean isInside(int smaller, int larger) {
        return chain ? smaller < larger : inside[larger][smaller];
    }

    /// Milliseconds a minibatch of the slowest stage.
    double value() {
        double[][] whole = best[levels.size() - 1][0];
        return whole[whole.length - 1][work.length - 1];
    }

    private double below(int level, int from, int to) {
        double[][] times = best[level - 1][from];
        return times[times.length - 1][to];
    }

    private double firstStage(int level, int from, int to, int replicas) {
        if (level == 0) {
            return laterStage(0, from, to, replicas);
        }
        double sync = syncMillis[level][replicas] / levels.get(level - 1).machines();
        return (below(level, from, to) + sync * (bytes[to] - bytes[from])) / replicas;
    }

    private double laterStage(int level, int from, int to, int replicas) {
        if (level == 0) {
            return lowestMillis[replicas][to] - lowestMillis[replicas][from];
        }
        double sync = syncMillis[level][replicas];
        return (below(level, from, to) + sync * (bytes[to] - bytes[from])) / replicas;
    }

    private double[][] times(int level, int from) {
        int machines = levels.get(level).machines();
        double[][] times = new double[machines + 1][work.length];
        Arrays.fill(times[0], Double.POSITIVE_INFINITY);
        for (int used = 1; used <= machines; used++) {
            for (int to = from + 1; to < work.length; to++) {
                times[used][to] = isInside(from, to)
                        ? Math.min(times[used - 1][to], firstStage(level, from, to, used))
                        : Double.POSITIVE_INFINITY;
            }
            for (int replicas = 1; replicas < used; replicas++) {
                if (chain) {
                    splitOrder(level, from, replicas, times[used - replicas], times[used]);
                } else {
                    splitSets(level, from, replicas, times, used);
                }
            }
        }
        return times;
    }

    /// Betters times by a last stage of so many replicas, along one order.
    private void splitOrder(int level, int from, int replicas, double[] before, double[] times) {
        int at = from + 1;
        for (int to = from + 2; to < work.length; to++) {
            double last = laterStage(level, at, to, replicas);
            while (at < to - 1 && before[at] < last) {
                at++;
                last = laterStage(level, at, to, replicas);
            }
            double least = Math.max(before[at], last);
            if (at > from + 1) {
                least = Math.min(least, Math.max(before[at - 1], laterStage(level, at - 1, to, replicas)));
            }
            times[to] = Math.min(times[to], least);
        }
    }

    /// Betters times by a last stage of so many replicas, over all sets.
    private void splitSets(int level, int from, int replicas, double[][] times, int used) {
        double devicesBelow = MachineLevel.devices(levels.subList(0, level));
        double lastDevices = devicesBelow * replicas;
        double firstDevices = devicesBelow * (used - replicas);
        double[] before = times[used - replicas];
        boolean[] after = around[from];
        for (int to = from + 2; to < work.length; to++) {
            if (!after[to]) {
                continue;
            }
            boolean[] earlier = inside[to];
            double least = times[used][to];
            int at = Math.max(from + 1, firstWithWork(work[to] - least * lastDevices));
            for (; at < to && work[at] - work[from] < least * firstDevices; at++) {
                if (before[at] < least && after[at] && earlier[at]) {
                    least = Math.min(least, Math.max(before[at], laterStage(level, at, to, replicas)));
                }
            }
            times[used][to] = least;
        }
    }

    /// The first set with at least so much work.
    private int firstWithWork(double least) {
        int low = 0;
        int high = work.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (work[middle] < least) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /// A stage between two sets.
    ///
    /// @param smaller the set before it
    /// @param larger the set with it
    /// @param parts what it consists of; empty at the innermost level
    record Stage(int smaller, int larger, int replicas, List<Stage> parts) {}

    /// The stages of the best plan; sets are numbered as they were given.
    List<Stage> stages() {
        int level = levels.size() - 1;
        return stages(level, 0, work.length - 1);
    }

    private List<Stage> stages(int level, int from, int to) {
        if (level < 0) {
            return List.of();
        }
        double[][] times = best[level][from];
        List<Stage> stages = new ArrayList<>();
        int used = levels.get(level).machines();
        int end = to;
        while (end != from) {
            while (times[used - 1][end] <= times[used][end]) {
                used--;
            }
            Stage last = last(level, from, end, used);
            stages.add(last);
            used -= last.replicas();
            end = indexOf(last.smaller());
        }
        return stages.reversed();
    }

    private int indexOf(int set) {
        for (int index = 0; index < setOf.length; index++) {
            if (setOf[index] == set) {
                return index;
            }
        }
        throw new IllegalStateException("There is no set " + set + ".");
    }

    /// The last stage of the best way to use exactly so many machines up to a set.
    private Stage last(int level, int from, int to, int used) {
        double[][] times = best[level][from];
        if (firstStage(level, from, to, used) <= times[used][to]) {
            return new Stage(setOf[from], setOf[to], used, stages(level - 1, from, to));
        }
        for (int replicas = 1; replicas < used; replicas++) {
            for (int at = from + 1; at < to; at++) {
                if (isInside(from, at)
                        && isInside(at, to)
                        && times[used - replicas][at] <= times[used][to]
                        && laterStage(level, at, to, replicas) <= times[used][to]) {
                    return new Stage(setOf[at], setOf[to], replicas, stages(level - 1, at, to));
                }
            }
        }
        throw new IllegalStateException("No stage ends at set " + to + " as was found before.");
    }
}
