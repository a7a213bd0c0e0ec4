package dev.pipelinejob.placement.solve;

import dev.pipelinejob.placement.plan.ScheduleKind;
import dev.pipelinejob.placement.topology.Domain;
import dev.pipelinejob.placement.topology.Slot;
import dev.pipelinejob.placement.topology.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Finds a plan for a problem.
///
/// A choice that is left open is made in this order. Re-materialization: off when any plan fits without it. Schedule:
/// OneForwardOneBackward, unless GPipe's step is predicted to be shorter by more than [#WORTHWHILE_FRACTION]; both
/// give the same losses. Number of stages: the shortest predicted step, where one more worker must earn as much.
public final class Planner {
    /// What is less than this part of a step is not worth another schedule or another worker.
    public static final double WORTHWHILE_FRACTION = 0.01;

    private Planner() {}

    /// The best plan, the best so far, or why there is none; equal problems give equal outcomes unless time ran out.
    public static Outcome solve(PlacementProblem problem, SearchLimit limit) {
        WorkMeter meter = new WorkMeter(limit);
        return switch (problem.strategy()) {
            case Strategy.Optimize _ -> within(problem, problem.topology(), problem.stages(), meter);
            case Strategy.Manual manual -> manual(problem, manual, meter);
            case Strategy.Pack _ -> pack(problem, meter);
        };
    }

    private static Outcome manual(PlacementProblem problem, Strategy.Manual manual, WorkMeter meter) {
        List<Integer> ends = manual.endLayers();
        int layers = problem.graph().layers().size();
        boolean ascends = IntStream.range(0, ends.size())
                .allMatch(index -> ends.get(index) > (index == 0 ? 0 : ends.get(index - 1)));
        if (ends.isEmpty() || !ascends || ends.getLast() != layers) {
            return refused("The manual stages end at layers " + ends + ", but they must ascend and end at " + layers
                    + ", the number of layers of " + problem.graph().name() + ".");
        }
        return within(problem, problem.topology(), StageLimits.exactly(ends.size()), meter);
    }

    /// Tries runs of neighbouring hosts, one host first, then two, and so on.
    private static Outcome pack(PlacementProblem problem, WorkMeter meter) {
        List<Domain> hosts = problem.topology().slots().stream()
                .map(slot -> problem.topology().hostOf(slot.name()))
                .distinct()
                .toList();
        for (int count = 1; count <= hosts.size(); count++) {
            Outcome best = null;
            for (int first = 0; first + count <= hosts.size(); first++) {
                Topology part = only(problem.topology(), hosts.subList(first, first + count));
                Outcome outcome = within(problem, part, problem.stages(), meter);
                best = better(best, outcome);
            }
            if (best != null && !(best instanceof Outcome.Infeasible)) {
                return best;
            }
        }
        return within(problem, problem.topology(), problem.stages(), meter);
    }

    private static Outcome better(@Nullable Outcome best, Outcome other) {
        if (best == null || best.found().isEmpty()) {
            return other;
        }
        double bestMicros = best.found().get().predictedStepMicros();
        return other.found().isPresent() && other.found().get().predictedStepMicros() < bestMicros ? other : best;
    }

    private static Topology only(Topology topology, List<Domain> hosts) {
        return topology.restrictedTo(topology.slots().stream()
                .map(Slot::name)
                .filter(slot -> hosts.contains(topology.hostOf(slot)))
                .collect(Collectors.toUnmodifiableSet()));
    }

    private static Outcome within(PlacementProblem problem, Topology topology, StageLimits stages, WorkMeter meter) {
        int slots = topology.slots().size();
        int layers = problem.graph().layers().size();
        if (stages.min() > Math.min(slots, layers)) {
            return refused(stages.min() + " stages were asked for, but there are " + slots + " slots and " + layers
                    + " layers. Maybe lower the number of stages" + (slots < layers ? " or add slots." : "."));
        }
        List<Boolean> rematerialize =
                switch (problem.rematerialization()) {
                    case AUTO -> List.of(false, true);
                    case ALWAYS -> List.of(true);
                    case NEVER -> List.of(false);
                };
        for (boolean choice : rematerialize) {
            Outcome best = null;
            for (ScheduleKind kind : schedules(problem)) {
                Outcome outcome = new StageCountSearch(problem, topology, stages, kind, choice, meter).search();
                best = best == null ? outcome : worthwhile(best, outcome);
            }
            if (best != null && !(best instanceof Outcome.Infeasible)) {
                return best;
            }
        }
        return new Diagnosis(problem, topology, stages).explain();
    }

    private static List<ScheduleKind> schedules(PlacementProblem problem) {
        ScheduleKind given = problem.schedule();
        return given != null ? List.of(given) : List.of(ScheduleKind.ONE_FORWARD_ONE_BACKWARD, ScheduleKind.GPIPE);
    }

    private static Outcome worthwhile(Outcome first, Outcome second) {
        Optional<Outcome.Found> found = first.found();
        Optional<Outcome.Found> other = second.found();
        boolean isShorter = found.isPresent()
                && other.isPresent()
                && other.get().predictedStepMicros() < found.get().predictedStepMicros() * (1 - WORTHWHILE_FRACTION);
        return isShorter || (found.isEmpty() && other.isPresent()) ? second : first;
    }

    static Outcome refused(String reason) {
        return new Outcome.Infeasible(reason, -1, -1, -1, 0, 0);
    }

    /// Where a problem allows cuts.
    static int[] cuts(PlacementProblem problem) {
        int layers = problem.graph().layers().size();
        List<Integer> cuts = new ArrayList<>();
        cuts.add(0);
        switch (problem.strategy()) {
            case Strategy.Manual manual -> cuts.addAll(manual.endLayers());
            case Strategy.Optimize _, Strategy.Pack _ -> {
                for (int end = 1; end <= layers; end++) {
                    cuts.add(end);
                }
            }
        }
        return cuts.stream().mapToInt(cut -> cut).toArray();
    }
}
