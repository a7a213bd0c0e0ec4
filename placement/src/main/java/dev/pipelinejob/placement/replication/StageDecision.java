package dev.pipelinejob.placement.replication;

import dev.pipelinejob.placement.partition.SearchControl;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Answers whether all stages can keep a limit, over chains of closed sets of layers.
///
/// Each set that can be the rest of a pipeline is reached with few devices and few replicas: both only help the stages
/// before it, because memory depends on the replicas behind. For a stage before it, the fewest replicas that keep the
/// limit are enough, because more cost more of both.
final class StageDecision {
    private static final double ROUNDING = 1e-9;
    private static final double TOO_MANY = 1 << 29;

    private final Layers layers;
    private final ClosedSets sets;
    private final int[][] inside;
    private final Stage[][] stages;
    private final int devices;
    private final int mostReplicas;
    private final int[] replicaCounts;
    private final double[] deviceSecondsBehind;
    private final double[] secondsBehind;
    private final double[][] secondsAt;
    private final double[][] bytesAt;
    private final SearchControl control;
    private boolean open;

    StageDecision(Layers layers, ClosedSets sets, SearchControl control) {
        this.layers = layers;
        this.sets = sets;
        this.control = control;
        inside = sets.inside();
        stages = new Stage[sets.size()][];
        devices = layers.profile().fleet().devices();
        int microBatches = layers.profile().fleet().microBatches();
        mostReplicas = Math.min(devices, microBatches);
        replicaCounts = IntStream.rangeClosed(1, mostReplicas)
                .filter(count -> microBatches % count == 0)
                .toArray();
        deviceSecondsBehind = sets.sums(layers.leastDeviceSeconds());
        secondsBehind = sets.sums(layers.leastSeconds());
        secondsAt = new double[layers.degrees().length][];
        bytesAt = new double[layers.degrees().length][];
        Arrays.setAll(secondsAt, degree -> sets.sums(finite(layers.least(degree, Layers.Way::seconds))));
        Arrays.setAll(
                bytesAt,
                degree -> sets.sums(finite(layers.least(degree, way -> way.bytesPerMicroBatch() + way.bytes()))));
    }

    /// A layer that a degree cannot run counts as nothing, so that sums of others can be told apart.
    private static double[] finite(double[] amounts) {
        return Arrays.stream(amounts)
                .map(amount -> Double.isInfinite(amount) ? 0 : amount)
                .toArray();
    }

    /// No plan of any shape takes less: all work on all devices, and each layer with all replicas.
    double leastSeconds() {
        double least =
                Math.max(deviceSecondsBehind[sets.size() - 1] / devices, secondsBehind[sets.size() - 1] / mostReplicas);
        for (double seconds : layers.leastSeconds()) {
            least = Math.max(least, seconds / mostReplicas);
        }
        return least;
    }

    /// Whether the last refusal is no proof, because for some stage nobody knows whether it keeps the limit.
    boolean isOpen() {
        return open;
    }

    /// Stages that keep the limit; null when there are none or time ends.
    ///
    /// @param relaxed whether a stage of which nobody knows counts as keeping the limit
    @Nullable
    Chain within(double limit, boolean relaxed) {
        open = false;
        Frontier frontier = new Frontier(sets.size(), mostReplicas);
        for (int larger = 1; larger < sets.size(); larger++) {
            for (int index = 0; index < inside[larger].length; index++) {
                if (control.stopped()) {
                    return null;
                }
                if (frontier.count(inside[larger][index]) > 0) {
                    extend(frontier, larger, index, limit, relaxed);
                }
            }
            frontier.close(larger);
        }
        int whole = sets.size() - 1;
        return frontier.count(whole) == 0 ? null : new Chain(frontier, whole);
    }

    private void extend(Frontier frontier, int larger, int index, double limit, boolean relaxed) {
        int smaller = inside[larger][index];
        int whole = sets.size() - 1;
        int devicesBefore = wholeNumber((deviceSecondsBehind[whole] - deviceSecondsBehind[larger]) / limit);
        int replicasBefore = wholeNumber((secondsBehind[whole] - secondsBehind[larger]) / limit);
        int points = frontier.count(smaller);
        int mostBehind = frontier.replicas(smaller, points - 1);
        int fewestDevices = frontier.devices(smaller, points - 1);
        for (int degree = 0; degree < layers.degrees().length; degree++) {
            int each = layers.degrees()[degree];
            int room = Math.min(
                    (devices - devicesBefore - fewestDevices) / each,
                    mostReplicas - replicasBefore - frontier.replicas(smaller, 0));
            if (isTooMuch(degree, smaller, larger, limit * room)) {
                continue;
            }
            Stage stage = stage(larger, index, degree);
            if (!stage.isPossible()) {
                continue;
            }
            List<Option> options = options(stage, limit, room, mostBehind, relaxed);
            for (int point = 0; point < points && !options.isEmpty(); point++) {
                int behind = frontier.replicas(smaller, point);
                Option fit = fit(options, behind);
                if (fit != null) {
                    int total = behind + fit.replicas();
                    int used = frontier.devices(smaller, point) + each * fit.replicas();
                    if (used + devicesBefore <= devices
                            && total + replicasBefore <= mostReplicas
                            && frontier.wants(total, used)) {
                        frontier.offer(total, used, new Frontier.Step(smaller, point, degree, fit.replicas()));
                    }
                }
            }
        }
    }

    /// Whether the layers between two sets alone take too long or do not fit, whatever else there is.
    private boolean isTooMuch(int degree, int smaller, int larger, double seconds) {
        double work = secondsAt[degree][larger] - secondsAt[degree][smaller];
        double bytes = bytesAt[degree][larger] - bytesAt[degree][smaller];
        return work > seconds + ROUNDING * secondsAt[degree][larger]
                || bytes > layers.profile().fleet().memoryBytes() + ROUNDING * bytesAt[degree][larger];
    }

    private static int wholeNumber(double amount) {
        return (int) Math.min(TOO_MANY, Math.ceil(amount - ROUNDING));
    }

    /// So many replicas keep the limit when there are at most so many in the stages behind.
    private record Option(int replicas, int mostBehind) {}

    private static @Nullable Option fit(List<Option> options, int behind) {
        for (Option option : options) {
            if (behind <= option.mostBehind()) {
                return option;
            }
        }
        return null;
    }

    /// Replicas that keep the limit, ascending, each good for more replicas behind than the one before.
    private List<Option> options(Stage stage, double limit, int room, int mostBehind, boolean relaxed) {
        List<Option> options = new ArrayList<>();
        int covered = -1;
        for (int replicas : replicaCounts) {
            if (replicas > room || covered >= mostBehind) {
                break;
            }
            if (stage.leastSeconds(replicas) <= limit) {
                int behind = mostBehind(stage, limit, replicas, mostBehind, relaxed);
                if (behind > covered) {
                    options.add(new Option(replicas, behind));
                    covered = behind;
                }
            }
        }
        return options;
    }

    /// The most replicas behind with which a stage keeps the limit, up to what is enough; -1 when it never does.
    private int mostBehind(Stage stage, double limit, int replicas, int enough, boolean relaxed) {
        int high = 1 + Math.ceilDiv(enough, replicas);
        if (keeps(stage, limit, replicas, high, relaxed)) {
            return enough;
        }
        int low = 0;
        while (high - low > 1) {
            int middle = (low + high) >>> 1;
            if (keeps(stage, limit, replicas, middle, relaxed)) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low == 0 ? -1 : (low - 1) * replicas;
    }

    private boolean keeps(Stage stage, double limit, int replicas, int inFlight, boolean relaxed) {
        Stage.Answer answer = stage.keeps(limit, replicas, inFlight);
        open |= answer == Stage.Answer.OPEN;
        return answer == Stage.Answer.YES || (relaxed && answer == Stage.Answer.OPEN);
    }

    private Stage stage(int larger, int index, int degree) {
        if (stages[larger] == null) {
            stages[larger] = new Stage[inside[larger].length * layers.degrees().length];
        }
        int place = index * layers.degrees().length + degree;
        Stage known = stages[larger][place];
        if (known == null) {
            int[] members = sets.between(inside[larger][index], larger);
            boolean[] isMember = new boolean[layers.size()];
            for (int member : members) {
                isMember[member] = true;
            }
            known = new Stage(layers, degree, members, isMember);
            stages[larger][place] = known;
        }
        return known;
    }

    /// Stages from the first to the last that a decision found.
    final class Chain {
        private final List<StagePlan.Stage> plans = new ArrayList<>();
        private double value;

        private Chain(Frontier frontier, int whole) {
            int set = whole;
            int point = 0;
            while (set != 0) {
                Frontier.Step step = frontier.step(set, point);
                add(set, step, frontier.replicas(set, point));
                set = step.set();
                point = step.index();
            }
        }

        private void add(int set, Frontier.Step step, int totalReplicas) {
            int index = Arrays.binarySearch(inside[set], step.set());
            Stage stage = stage(set, index, step.degree());
            int inFlight = Math.ceilDiv(totalReplicas, step.replicas());
            WayChoice choice = stage.best(step.replicas(), inFlight);
            value = Math.max(value, choice.upper());
            Map<String, String> ways = new TreeMap<>();
            for (int member = 0; member < stage.members().length; member++) {
                String id =
                        layers.profile().nodes().get(stage.members()[member]).id();
                ways.put(id, stage.way(choice, member));
            }
            plans.add(new StagePlan.Stage(layers.degrees()[step.degree()], step.replicas(), ways));
        }

        List<StagePlan.Stage> stages() {
            return List.copyOf(plans);
        }

        /// Seconds a sample of the slowest stage.
        double value() {
            return value;
        }
    }
}
