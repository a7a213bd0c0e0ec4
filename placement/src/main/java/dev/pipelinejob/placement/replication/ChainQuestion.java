package dev.pipelinejob.placement.replication;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Asks whether some chain of closed sets of layers has stages within stages that all take at most a limit.
///
/// What a plan may waste is known: the time of all devices within the limit less the work of all layers. So a set that
/// is reached with so many devices holds at least what these could do less that waste, and few sets are left to look
/// at when the limit is near the bound. Sets that took the most devices are continued first, among them those that
/// wasted the least, and only so many for each number of devices: where none is left out, a refusal is a proof.
final class ChainQuestion {
    private static final double ROUNDING = 1e-12;

    private final List<MachineLevel> levels;
    private final double[] work;
    private final double allWork;
    private final long allDevices;
    private final SetsBeyond sets;

    private Effort effort = new Effort(0, 0, 0, 0);
    private double limit;
    private double waste;
    private boolean complete;
    private long stepsLeft;
    private List<PriorityQueue<Reached>> waiting = List.of();
    private Set<Reached> seen = Set.of();
    private @Nullable Reached end;

    /// @param before the layers that each layer asks for, all with smaller numbers
    ChainQuestion(List<MachineLevel> levels, int[][] before, double[] work, double[] bytes) {
        this.levels = levels;
        this.work = work.clone();
        this.allWork = Arrays.stream(work).sum();
        this.allDevices = MachineLevel.devices(levels);
        this.sets = new SetsBeyond(before, work, bytes);
    }

    /// Stages within a limit.
    ///
    /// @param stageOfLayer the innermost stage of each layer
    /// @param stages of the outermost level; they begin and end between innermost stages
    /// @param value milliseconds of the slowest
    @SuppressWarnings("ArrayRecordComponent") // passed on at once and never compared
    record Plan(int[] stageOfLayer, List<LevelSearch.Stage> stages, double value) {}

    /// What came of a question.
    ///
    /// @param plan null when none was found
    /// @param isRefusal whether there is none
    /// @param steps how many were taken
    record Reply(@Nullable Plan plan, boolean isRefusal, long steps) {}

    /// The stage of a level that was begun last.
    ///
    /// @param replicas groups of the level below; 0 where it has ended
    /// @param used groups of its level that are taken, with its own
    /// @param isFirst whether it is the first of its group
    /// @param bytesBefore parameters of all layers before it
    /// @param slowest time of the slowest stage that has ended in its group; 0 at the outermost level
    private record Begun(int replicas, int used, boolean isFirst, double bytesBefore, double slowest) {}

    /// A set that stages can end with.
    ///
    /// @param set its layers
    /// @param work of its layers
    /// @param bytes of its layers
    /// @param devices taken on the way
    /// @param begun a stage for each level; empty at the start
    /// @param slowest time of the slowest stage of the outermost level that has ended
    /// @param previous where the last stage begins
    @SuppressWarnings("ArrayRecordComponent") // compared by what is in it
    private record Reached(
            long[] set,
            double work,
            double bytes,
            long devices,
            List<Begun> begun,
            double slowest,
            @Nullable Reached previous) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Reached reached
                    && devices == reached.devices
                    && begun.equals(reached.begun)
                    && Arrays.equals(set, reached.set);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(set) * 31 + begun.hashCode();
        }
    }

    /// How hard to look.
    ///
    /// @param steps about how many may be taken
    /// @param stepsAtOnce about how many may be taken from one set
    /// @param setsAtOnce how many further sets are taken from one set and one choice of replicas
    /// @param setsOnTheWay how many sets are continued for each number of devices
    record Effort(long steps, long stepsAtOnce, int setsAtOnce, int setsOnTheWay) {}

    /// Asks for one limit.
    Reply ask(double within, Effort asked) {
        effort = asked;
        limit = within * (1 + ROUNDING);
        waste = allDevices * limit - allWork;
        complete = true;
        stepsLeft = asked.steps;
        end = null;
        seen = new HashSet<>();
        List<PriorityQueue<Reached>> queues = new ArrayList<>();
        for (long devices = 0; devices <= allDevices; devices++) {
            queues.add(new PriorityQueue<>(Comparator.comparingDouble((Reached reached) -> reached.work)
                    .reversed()));
        }
        waiting = queues;
        int[] continued = new int[queues.size()];
        int devices = 0;
        queues.getFirst().add(new Reached(new long[SetsBeyond.words(work.length)], 0, 0, 0, List.of(), 0, null));
        while (devices >= 0 && end == null && stepsLeft > 0) {
            Reached next = queues.get(devices).poll();
            if (next == null) {
                devices--;
            } else if (continued[devices]++ < asked.setsOnTheWay) {
                devices = Math.toIntExact(Math.max(devices, continueFrom(next)));
            } else {
                complete = false;
                queues.get(devices).clear();
            }
        }
        long taken = asked.steps - stepsLeft;
        Reached found = end;
        if (found == null) {
            return new Reply(null, complete && stepsLeft > 0, taken);
        }
        List<Reached> chain = chain(found);
        double value = Math.max(found.slowest, millis(found.begun, top(), found.bytes));
        return new Reply(new Plan(homes(chain), stages(chain, top(), 0, chain.size()), value), false, taken);
    }

    private int top() {
        return levels.size() - 1;
    }

    /// Puts in a further stage at each level; the most devices that any set then took.
    private long continueFrom(Reached reached) {
        long most = 0;
        if (reached.begun.isEmpty()) {
            return begin(reached, top(), List.of(), 0, 0);
        }
        for (int level = 0; level <= top() && end == null; level++) {
            Begun stage = reached.begun.get(level);
            double slowest = level == top() ? 0 : Math.max(stage.slowest, millis(reached.begun, level, reached.bytes));
            List<Begun> outer = reached.begun.subList(level + 1, levels.size());
            most = Math.max(most, begin(reached, level, outer, stage.used, slowest));
        }
        return most;
    }

    /// Begins a stage of each number of replicas at a level, and stages in it down to the innermost.
    private long begin(Reached reached, int level, List<Begun> outer, int used, double slowest) {
        long most = 0;
        for (int replicas = levels.get(level).machines() - used; replicas > 0 && end == null; replicas--) {
            List<Begun> begun = new ArrayList<>();
            begun.add(new Begun(replicas, used + replicas, used == 0, reached.bytes, slowest));
            begun.addAll(outer);
            most = Math.max(most, level == 0 ? extend(reached, begun) : begin(reached, level - 1, begun, 0, 0));
        }
        return most;
    }

    /// Finds the sets that the innermost stage can end with; the devices that they took, 0 when there are none.
    private long extend(Reached reached, List<Begun> begun) {
        // Stages of a level may take so long, less the slope times the bytes of the innermost stage.
        double[] most = new double[levels.size() + 1];
        double[] slope = new double[levels.size() + 1];
        most[levels.size()] = limit;
        for (int level = top(); level >= 0; level--) {
            Begun stage = begun.get(level);
            double sync = sync(level, stage);
            most[level] = stage.replicas * most[level + 1] - sync * (reached.bytes - stage.bytesBefore);
            slope[level] = stage.replicas * slope[level + 1] + sync;
        }
        long devices = devices(begun, top());
        double least = devices * limit - waste - reached.work - ROUNDING * allWork;
        if (least > most[0] || !fits(begun, most, slope, 0)) {
            return 0;
        }
        double endedBefore = reached.begun.isEmpty() ? 0 : reached.slowest;
        boolean endsOuter = !reached.begun.isEmpty() && begun.getLast().used != reached.begun.getLast().used;
        double slowest = endsOuter ? Math.max(endedBefore, millis(reached.begun, top(), reached.bytes)) : endedBefore;
        int[] count = {0};
        long steps = Math.min(stepsLeft, effort.stepsAtOnce);
        complete &= sets.each(reached.set, slope[0], most[0], least, steps, (set, moreWork, moreBytes) -> {
            if ((moreWork > 0 || moreBytes > 0) && fits(begun, most, slope, moreBytes)) {
                double millis = (moreWork + sync(0, begun.getFirst()) * moreBytes) / begun.getFirst().replicas;
                List<Begun> ended = new ArrayList<>(begun);
                double longest = top() == 0 ? 0 : Math.max(begun.getFirst().slowest, millis);
                ended.set(0, new Begun(0, begun.getFirst().used, false, 0, longest));
                double slowestNow = top() == 0 ? Math.max(slowest, millis) : slowest;
                take(new Reached(
                        set, reached.work + moreWork, reached.bytes + moreBytes, devices, ended, slowestNow, reached));
                count[0]++;
            }
            return end == null && count[0] < effort.setsAtOnce;
        });
        stepsLeft -= sets.stepsTaken() + 1;
        return count[0] == 0 ? 0 : devices;
    }

    /// Whether stages that have ended still are within what their groups may take.
    private static boolean fits(List<Begun> begun, double[] most, double[] slope, double moreBytes) {
        for (int level = 0; level < begun.size(); level++) {
            if (begun.get(level).slowest > most[level + 1] - slope[level + 1] * moreBytes) {
                return false;
            }
        }
        return true;
    }

    private void take(Reached reached) {
        if (seen.add(reached)) {
            waiting.get(Math.toIntExact(reached.devices)).add(reached);
            int layers = 0;
            for (long word : reached.set) {
                layers += Long.bitCount(word);
            }
            end = layers == work.length ? reached : end;
        }
    }

    private double sync(int level, Begun stage) {
        double sync = levels.get(level).syncMillisPerByte(stage.replicas);
        return stage.isFirst && level > 0 ? sync / levels.get(level - 1).machines() : sync;
    }

    /// Devices taken up to the end of the stages begun; machines that groups left idle count when these have ended.
    private long devices(List<Begun> begun, int level) {
        Begun stage = begun.get(level);
        return level == 0
                ? stage.used
                : (stage.used - stage.replicas) * MachineLevel.devices(levels.subList(0, level))
                        + stage.replicas * devices(begun, level - 1);
    }

    /// Time of the stage of a level that was begun last, were it to end now; 0 when it has ended.
    private double millis(List<Begun> begun, int level, double bytesNow) {
        Begun stage = begun.get(level);
        if (level == 0) {
            return 0;
        }
        double inside = Math.max(begun.get(level - 1).slowest, millis(begun, level - 1, bytesNow));
        return (inside + sync(level, stage) * (bytesNow - stage.bytesBefore)) / stage.replicas;
    }

    /// The innermost stage of each layer.
    private int[] homes(List<Reached> chain) {
        int[] stageOfLayer = new int[work.length];
        for (Reached reached : chain) {
            for (int layer = 0; layer < stageOfLayer.length; layer++) {
                stageOfLayer[layer] += (reached.set[layer >> 6] >>> layer & 1) == 0 ? 1 : 0;
            }
        }
        return stageOfLayer;
    }

    private static List<Reached> chain(Reached last) {
        List<Reached> chain = new ArrayList<>();
        for (Reached reached = last; reached.previous != null; reached = reached.previous) {
            chain.addFirst(reached);
        }
        return chain;
    }

    /// The stages of a level from one place of the chain to another, which all belong to one group.
    private List<LevelSearch.Stage> stages(List<Reached> chain, int level, int from, int to) {
        List<LevelSearch.Stage> stages = new ArrayList<>();
        int used = 0;
        int begin = from;
        for (int at = from; at < to; at++) {
            Begun stage = chain.get(at).begun.get(level);
            boolean ends = at + 1 == to || level == 0 || chain.get(at + 1).begun.get(level).used != stage.used;
            if (ends) {
                List<LevelSearch.Stage> parts = level == 0 ? List.of() : stages(chain, level - 1, begin, at + 1);
                stages.add(new LevelSearch.Stage(begin, at + 1, stage.used - used, parts));
                used = stage.used;
                begin = at + 1;
            }
        }
        return stages;
    }
}
