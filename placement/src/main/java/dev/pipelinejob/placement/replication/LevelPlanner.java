package dev.pipelinejob.placement.replication;

import dev.pipelinejob.placement.partition.SearchControl;
import dev.pipelinejob.placement.workload.PipeDreamProfile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Finds stages within stages with the least time of the slowest, in PipeDream's cost model.
public final class LevelPlanner {
    /// With more sets of layers than this, only those along a few orders are searched.
    private static final int MOST_SETS = 600;

    /// How much work all orders together may take: steps of the innermost loops.
    private static final double MOST_STEPS = 6e6;

    private static final int MOST_ORDERS = 4;

    /// Orders are not thinned out below this.
    private static final int FEWEST_PLACES = 256;
    private static final double EXACT = 1e-9;

    private final PipeDreamProfile profile;
    private final List<MachineLevel> levels;
    private final SearchControl control;
    private final int[] layerOf;
    private final double[] millis;
    private final double[] parameterBytes;
    private final int[][] before;
    private final int[][] after;

    private LevelPlanner(PipeDreamProfile profile, List<MachineLevel> levels, SearchControl control) {
        this.profile = profile;
        this.levels = List.copyOf(levels);
        this.control = control;
        List<Integer> counted = new ArrayList<>();
        int[] place = new int[profile.layers().size()];
        for (int layer = 0; layer < place.length; layer++) {
            place[layer] = counted.size();
            if (profile.layers().get(layer).counts()) {
                counted.add(layer);
            }
        }
        layerOf = counted.stream().mapToInt(layer -> layer).toArray();
        millis = counted.stream()
                .mapToDouble(layer -> profile.layers().get(layer).millis())
                .toArray();
        parameterBytes = counted.stream()
                .mapToDouble(layer -> profile.layers().get(layer).parameterBytes())
                .toArray();
        List<List<Integer>> sources = new ArrayList<>();
        List<List<Integer>> readers = new ArrayList<>();
        counted.forEach(_ -> {
            sources.add(new ArrayList<>());
            readers.add(new ArrayList<>());
        });
        for (PipeDreamProfile.Edge edge : profile.edges()) {
            if (profile.layers().get(edge.source()).counts()
                    && profile.layers().get(edge.target()).counts()) {
                sources.get(place[edge.target()]).add(place[edge.source()]);
                readers.get(place[edge.source()]).add(place[edge.target()]);
            }
        }
        before = table(sources);
        after = table(readers);
    }

    private static int[][] table(List<List<Integer>> lists) {
        return lists.stream()
                .map(list -> list.stream().mapToInt(item -> item).toArray())
                .toArray(int[][]::new);
    }

    /// The best plan found and what is known about it.
    ///
    /// @param levels the innermost first
    public static PlanOutcome<LevelPlan> plan(
            PipeDreamProfile profile, List<MachineLevel> levels, SearchControl control) {
        return new LevelPlanner(profile, levels, control).search();
    }

    private PlanOutcome<LevelPlan> search() {
        if (control.stopped()) {
            return new PlanOutcome.OutOfTime<>();
        }
        long[] costs = new long[millis.length];
        Arrays.setAll(
                costs,
                layer -> Double.doubleToLongBits(millis[layer]) * 31 + Double.doubleToLongBits(parameterBytes[layer]));
        StructuralOrder orders = new StructuralOrder(before, after, costs);
        int[] order = orders.order(0);
        ClosedSets sets = ClosedSets.of(before, order, MOST_SETS);
        if (sets.isComplete()) {
            LevelSearch search = new LevelSearch(levels, sets, millis, parameterBytes);
            return outcome(search.stages(), sets, search.value(), search.value(), true);
        }
        double bound = LevelBound.of(levels, millis, parameterBytes);
        FinerChains.Known known = alongOrders(orders, bound);
        FinerChains.Known finer = FinerChains.search(levels, before, millis, parameterBytes, known, control);
        return outcome(
                finer.stages(), ClosedSets.along(finer.order()), finer.value(), finer.bound(), finer.bound() > bound);
    }

    /// The best plan along a few orders.
    private FinerChains.Known alongOrders(StructuralOrder orders, double bound) {
        FinerChains.Known best = null;
        double left = Math.min(MOST_ORDERS, MOST_STEPS / steps(millis.length));
        for (int salt = 0; best == null || salt < left; salt++) {
            int[] order = orders.order(salt);
            int[] behind = places(order);
            LevelSearch search = new LevelSearch(levels, ClosedSets.along(order, behind), millis, parameterBytes);
            if (best == null || search.value() < best.value()) {
                List<LevelSearch.Stage> stages = FinerChains.along(search.stages(), behind);
                best = new FinerChains.Known(order, stages, search.value(), bound);
            }
            if (best.value() <= bound * (1 + EXACT) || control.stopped()) {
                break;
            }
        }
        return best;
    }

    /// Numbers of layers behind which stages may end along an order: all, or as many of them, about equal work apart,
    /// as can be searched.
    private int[] places(int[] order) {
        int most = order.length;
        while (steps(most) > MOST_STEPS && most > FEWEST_PLACES) {
            most--;
        }
        double apart = most == order.length ? 0 : Arrays.stream(millis).sum() / most;
        List<Integer> places = new ArrayList<>(List.of(0));
        double since = 0;
        for (int place = 1; place <= order.length; place++) {
            since += millis[order[place - 1]];
            if (since >= apart || place == order.length) {
                places.add(place);
                since = 0;
            }
        }
        return places.stream().mapToInt(place -> place).toArray();
    }

    /// About how many steps one order of so many layers takes.
    private double steps(double layers) {
        double steps = 0;
        for (int level = 0; level < levels.size(); level++) {
            double machines = levels.get(level).machines();
            steps += machines * machines / 2 * layers * (level == levels.size() - 1 ? 1 : layers / 2);
        }
        return steps;
    }

    private PlanOutcome<LevelPlan> outcome(
            List<LevelSearch.Stage> stages, ClosedSets sets, double value, double bound, boolean isBoundOfSets) {
        int[] homes = homes(sets, stages);
        List<LevelPlan.Part> parts = new ArrayList<>();
        int[] next = {0};
        stages.forEach(stage -> parts.add(part(stage, homes, next)));
        LevelPlan plan = new LevelPlan(parts, value, Math.min(bound, value), isBoundOfSets);
        return bound >= value * (1 - EXACT) ? new PlanOutcome.Optimal<>(plan) : new PlanOutcome.Feasible<>(plan);
    }

    private LevelPlan.Part part(LevelSearch.Stage stage, int[] homes, int[] next) {
        List<LevelPlan.Part> parts = new ArrayList<>();
        stage.parts().forEach(inner -> parts.add(part(inner, homes, next)));
        List<String> layers = new ArrayList<>();
        if (parts.isEmpty()) {
            for (int layer = 0; layer < homes.length; layer++) {
                if (homes[layer] == next[0]) {
                    layers.add(profile.layers().get(layer).id());
                }
            }
            next[0]++;
        }
        return new LevelPlan.Part(stage.replicas(), parts, layers);
    }

    /// The innermost stage of each layer; layers that do not count go where their first reader or last source is.
    private int[] homes(ClosedSets sets, List<LevelSearch.Stage> stages) {
        List<LevelSearch.Stage> innermost = new ArrayList<>();
        stages.forEach(stage -> flatten(stage, innermost));
        int[] homes = new int[profile.layers().size()];
        Arrays.fill(homes, -1);
        for (int stage = 0; stage < innermost.size(); stage++) {
            for (int layer : sets.between(
                    innermost.get(stage).smaller(), innermost.get(stage).larger())) {
                homes[layerOf[layer]] = stage;
            }
        }
        for (int layer = 0; layer < homes.length; layer++) {
            if (!profile.layers().get(layer).counts()) {
                homes[layer] = 0;
            }
        }
        for (PipeDreamProfile.Edge edge : profile.edges()) {
            boolean isUnread = !profile.layers().get(edge.target()).counts();
            if (isUnread && profile.layers().get(edge.source()).counts()) {
                homes[edge.target()] = Math.max(homes[edge.target()], homes[edge.source()]);
            }
        }
        return homes;
    }

    private static void flatten(LevelSearch.Stage stage, List<LevelSearch.Stage> into) {
        if (stage.parts().isEmpty()) {
            into.add(stage);
        } else {
            stage.parts().forEach(inner -> flatten(inner, into));
        }
    }
}
