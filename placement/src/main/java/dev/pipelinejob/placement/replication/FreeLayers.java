package dev.pipelinejob.placement.replication;

import dev.pipelinejob.placement.workload.PiperProfile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// Layers that cost nothing wherever they are, such as a model's inputs: neither time nor memory, parameters or
/// transfers. Those that read only each other can always be in the first stage, those that only each other read in the
/// last. So they are left out of the search, where each could double the sets of layers that can be the rest of a
/// pipeline, and join the plan that was found: its value is the same.
final class FreeLayers {
    private final PiperProfile profile;
    private final boolean[] first;
    private final boolean[] last;

    private FreeLayers(PiperProfile profile) {
        this.profile = profile;
        int layers = profile.nodes().size();
        boolean[] free = new boolean[layers];
        TreeSet<Integer> degrees = new TreeSet<>();
        profile.nodes().forEach(node -> degrees.addAll(node.degrees()));
        Arrays.fill(free, true);
        for (int layer = 0; layer < layers; layer++) {
            PiperProfile.Node node = profile.nodes().get(layer);
            for (int degree : degrees) {
                free[layer] &= node.choices(degree).stream().anyMatch(FreeLayers::isFree);
            }
        }
        for (PiperProfile.Edge edge : profile.edges()) {
            if (edge.bytes() != 0 || !isQuiet(edge)) {
                free[edge.source()] = false;
                free[edge.target()] = false;
            }
        }
        first = free.clone();
        last = free.clone();
        boolean changed = true;
        while (changed) {
            changed = false;
            for (PiperProfile.Edge edge : profile.edges()) {
                changed |= first[edge.target()] && !first[edge.source()];
                first[edge.target()] &= first[edge.source()];
                changed |= last[edge.source()] && !last[edge.target()];
                last[edge.source()] &= last[edge.target()];
            }
        }
    }

    static FreeLayers of(PiperProfile profile) {
        return new FreeLayers(profile);
    }

    private static boolean isFree(PiperProfile.Choice choice) {
        return choice.secondsPerSample() == 0
                && choice.parameterBytes() == 0
                && choice.bytesPerMicroBatch() == 0
                && choice.bytes() == 0;
    }

    /// Whether no way of either end brings anything together over the edge.
    private boolean isQuiet(PiperProfile.Edge edge) {
        boolean quiet = true;
        for (List<PiperProfile.Choice> ways :
                profile.nodes().get(edge.source()).choicesOfDegree().values()) {
            quiet &= ways.stream().allMatch(way -> way.backwardBytes(edge.target()) == 0);
        }
        for (List<PiperProfile.Choice> ways :
                profile.nodes().get(edge.target()).choicesOfDegree().values()) {
            quiet &= ways.stream().allMatch(way -> way.forwardBytes(edge.source()) == 0);
        }
        return quiet;
    }

    /// The profile without them, or as it is where nothing would be left.
    PiperProfile rest() {
        int[] number = new int[first.length];
        List<PiperProfile.Node> nodes = new ArrayList<>();
        for (int layer = 0; layer < number.length; layer++) {
            number[layer] = first[layer] || last[layer] ? -1 : nodes.size();
            if (number[layer] >= 0) {
                nodes.add(profile.nodes().get(layer));
            }
        }
        if (nodes.isEmpty() || nodes.size() == number.length) {
            return profile;
        }
        List<PiperProfile.Edge> edges = profile.edges().stream()
                .filter(edge -> number[edge.source()] >= 0 && number[edge.target()] >= 0)
                .map(edge -> new PiperProfile.Edge(number[edge.source()], number[edge.target()], edge.bytes()))
                .toList();
        return new PiperProfile(
                nodes.stream().map(node -> node.renumbered(number)).toList(), edges, profile.fleet());
    }

    /// A plan for the rest, with these layers in its first and last stage.
    PlanOutcome<StagePlan> joined(PiperProfile rest, PlanOutcome<StagePlan> outcome) {
        if (rest.nodes().size() == profile.nodes().size()) {
            return outcome;
        }
        return switch (outcome) {
            case PlanOutcome.Optimal<StagePlan>(StagePlan plan) -> new PlanOutcome.Optimal<>(joined(plan));
            case PlanOutcome.Feasible<StagePlan>(StagePlan plan) -> new PlanOutcome.Feasible<>(joined(plan));
            case PlanOutcome.Infeasible<StagePlan> _, PlanOutcome.OutOfTime<StagePlan> _ -> outcome;
        };
    }

    private StagePlan joined(StagePlan plan) {
        List<StagePlan.Stage> stages = new ArrayList<>(plan.stages());
        int end = stages.size() - 1;
        for (int layer = 0; layer < first.length; layer++) {
            if (first[layer] || last[layer]) {
                int at = first[layer] ? 0 : end;
                StagePlan.Stage stage = stages.get(at);
                Map<String, String> ways = new HashMap<>(stage.choiceOfNode());
                PiperProfile.Node node = profile.nodes().get(layer);
                node.choices(stage.tensorDegree()).stream()
                        .filter(FreeLayers::isFree)
                        .findFirst()
                        .ifPresent(way -> ways.put(node.id(), way.id()));
                stages.set(at, new StagePlan.Stage(stage.tensorDegree(), stage.replicas(), ways));
            }
        }
        return new StagePlan(stages, plan.value(), plan.lowerBound(), plan.isBoundForAll());
    }
}
