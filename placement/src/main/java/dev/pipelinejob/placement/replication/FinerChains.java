package dev.pipelinejob.placement.replication;

import dev.pipelinejob.placement.partition.SearchControl;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// Betters a plan beyond the orders that were tried, and raises the bound, by asking [ChainQuestion] for limits
// between.
final class FinerChains {
    /// With more layers or devices than this, nothing is asked.
    private static final int MOST_LAYERS = 4_096;

    private static final long MOST_DEVICES = 1_024;
    private static final long MOST_STEPS = 6_000_000;
    private static final ChainQuestion.Effort NARROW = new ChainQuestion.Effort(300_000, 3_000, 8, 6);
    private static final ChainQuestion.Effort MIDDLE = new ChainQuestion.Effort(1_200_000, 20_000, 40, 40);
    private static final ChainQuestion.Effort WIDE = new ChainQuestion.Effort(2_500_000, 400_000, 20_000, 1_000_000);

    /// What is tried in turn while nothing is found: how far from bound to value the limit is, and how hard to look.
    private static final List<Try> TRIES = List.of(
            new Try(0.5, NARROW),
            new Try(0.5, MIDDLE),
            new Try(0.8, NARROW),
            new Try(0.8, MIDDLE),
            new Try(0.95, NARROW),
            new Try(0.95, MIDDLE),
            new Try(0.3, WIDE));

    private static final double CLOSER = 1.2;

    private static final int MOST_QUESTIONS = 60;
    private static final double EXACT = 1e-9;

    private FinerChains() {}

    private record Try(double share, ChainQuestion.Effort effort) {}

    /// What is known of the plans of a profile.
    ///
    /// @param order all layers, each behind those that it asks for
    /// @param stages of the outermost level, which begin and end along the order
    /// @param value of these stages
    /// @param bound no plan is below
    @SuppressWarnings("ArrayRecordComponent") // passed on at once and never compared
    record Known(int[] order, List<LevelSearch.Stage> stages, double value, double bound) {}

    /// Looks for chains between the bound and the value known.
    static Known search(
            List<MachineLevel> levels,
            int[][] before,
            double[] millis,
            double[] parameterBytes,
            Known known,
            SearchControl control) {
        int[] order = known.order();
        if (order.length > MOST_LAYERS || MachineLevel.devices(levels) > MOST_DEVICES) {
            return known;
        }
        int[] costly = Arrays.stream(order)
                .filter(layer -> millis[layer] > 0 || parameterBytes[layer] > 0)
                .toArray();
        if (costly.length == 0) {
            return known;
        }
        double low = known.bound();
        double high = known.value();
        Known best = known;
        ChainQuestion question = new ChainQuestion(
                levels,
                sources(before, order, costly),
                Arrays.stream(costly).mapToDouble(layer -> millis[layer]).toArray(),
                Arrays.stream(costly)
                        .mapToDouble(layer -> parameterBytes[layer])
                        .toArray());
        long steps = MOST_STEPS;
        int next = 0;
        double closer = 1;
        for (int asked = 0; asked < MOST_QUESTIONS && steps > 0 && next < TRIES.size(); asked++) {
            if (control.stopped() || low >= high * (1 - EXACT)) {
                break;
            }
            Try attempt = TRIES.get(next);
            double limit = Math.min(low + (high - low) * attempt.share() * closer, high * (1 - EXACT));
            ChainQuestion.Reply reply = question.ask(limit, attempt.effort());
            steps -= reply.steps();
            ChainQuestion.Plan plan = reply.plan();
            if (plan != null) {
                high = plan.value();
                best = placed(order, before, costly, plan);
            } else if (reply.isRefusal()) {
                low = limit;
            } else {
                next++;
            }
            closer = reply.isRefusal() ? closer * CLOSER : 1;
        }
        return new Known(best.order(), best.stages(), high, low);
    }

    /// For each layer that costs anything, those before it of which it asks, past layers that cost nothing.
    private static int[][] sources(int[][] before, int[] order, int[] costly) {
        int[] number = new int[order.length];
        Arrays.fill(number, -1);
        for (int index = 0; index < costly.length; index++) {
            number[costly[index]] = index;
        }
        int[][] passed = new int[order.length][];
        for (int layer : order) {
            passed[layer] = Arrays.stream(before[layer])
                    .flatMap(source ->
                            number[source] >= 0 ? IntStream.of(number[source]) : Arrays.stream(passed[source]))
                    .distinct()
                    .sorted()
                    .toArray();
        }
        return Arrays.stream(costly).mapToObj(layer -> passed[layer]).toArray(int[][]::new);
    }

    /// The plan along an order of all layers, in which those without costs come as early as they may.
    private static Known placed(int[] order, int[][] before, int[] costly, ChainQuestion.Plan plan) {
        int[] stageOf = new int[order.length];
        Arrays.fill(stageOf, -1);
        for (int index = 0; index < costly.length; index++) {
            stageOf[costly[index]] = plan.stageOfLayer()[index];
        }
        int[] ends = new int[order.length + 1];
        for (int layer : order) {
            if (stageOf[layer] < 0) {
                stageOf[layer] = Arrays.stream(before[layer])
                        .map(source -> stageOf[source])
                        .max()
                        .orElse(0);
            }
            ends[stageOf[layer] + 1]++;
        }
        Arrays.parallelPrefix(ends, Integer::sum);
        int[] sorted = Arrays.stream(order)
                .boxed()
                .sorted(Comparator.comparingInt(layer -> stageOf[layer]))
                .mapToInt(layer -> layer)
                .toArray();
        return new Known(sorted, along(plan.stages(), ends), plan.value(), 0);
    }

    /// The same stages where their ends are numbered in another way.
    static List<LevelSearch.Stage> along(List<LevelSearch.Stage> stages, int[] ends) {
        return stages.stream()
                .map(stage -> new LevelSearch.Stage(
                        ends[stage.smaller()], ends[stage.larger()], stage.replicas(), along(stage.parts(), ends)))
                .toList();
    }
}
