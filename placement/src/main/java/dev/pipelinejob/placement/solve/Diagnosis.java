package dev.pipelinejob.placement.solve;

import dev.pipelinejob.placement.graph.Layer;
import dev.pipelinejob.placement.plan.ScheduleKind;
import dev.pipelinejob.placement.topology.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Says why nothing fits: finds the plan whose worst stage lacks the least memory, and names that stage.
final class Diagnosis {
    private static final long MAX_WORK = 50_000_000;

    private final PlacementProblem problem;
    private final Topology topology;
    private final StageLimits stages;
    private final boolean rematerialize;
    private final PlaceCosts costs;

    Diagnosis(PlacementProblem problem, Topology topology, StageLimits stages) {
        this.problem = problem;
        this.topology = topology;
        this.stages = stages;
        this.rematerialize = problem.rematerialization() != Rematerialization.NEVER;
        ScheduleKind given = problem.schedule();
        ScheduleKind schedule = given != null ? given : ScheduleKind.ONE_FORWARD_ONE_BACKWARD;
        this.costs = new PlaceCosts(problem.graph(), schedule, problem.microBatches(), rematerialize);
    }

    Outcome explain() {
        int[] cuts = Planner.cuts(problem);
        int most = Math.min(
                Math.min(stages.max(), cuts.length - 1), topology.slots().size());
        WorkMeter meter = new WorkMeter(SearchLimit.work(MAX_WORK));
        ChainSearch search = new ChainSearch(
                topology, cuts, new StageLimits(stages.min(), most), new Objective.Shortage(costs), meter);
        double[] shortage = search.bestByStages();
        int count = stages.min();
        for (int other = stages.min() + 1; other <= most; other++) {
            count = shortage[other] < shortage[count] ? other : count;
        }
        if (meter.isExhausted() || shortage[count] == Double.POSITIVE_INFINITY) {
            return Planner.refused("No plan fits into the memory of the slots. " + advice(most, true));
        }
        return worst(search.layout(count), most);
    }

    private Outcome worst(List<ChainSearch.Piece> pieces, int most) {
        int worst = 0;
        for (int index = 1; index < pieces.size(); index++) {
            worst = lacking(pieces, index) > lacking(pieces, worst) ? index : worst;
        }
        ChainSearch.Piece piece = pieces.get(worst);
        long neededBytes = costs.neededBytes(piece.first(), piece.end(), pieces.size() - worst);
        long availableBytes = piece.slot().memoryBytes();
        boolean isOneLayer = piece.end() - piece.first() == 1;
        String reason = "Stage " + worst + " (" + layers(piece) + ") needs " + size(neededBytes) + " but slot "
                + piece.slot().name() + " has " + size(availableBytes) + ", and no other plan comes closer. "
                + advice(most, !isOneLayer);
        return new Outcome.Infeasible(reason, worst, piece.first(), piece.end(), neededBytes, availableBytes);
    }

    private long lacking(List<ChainSearch.Piece> pieces, int index) {
        ChainSearch.Piece piece = pieces.get(index);
        return costs.neededBytes(piece.first(), piece.end(), pieces.size() - index)
                - piece.slot().memoryBytes();
    }

    private String layers(ChainSearch.Piece piece) {
        List<Layer> layers = problem.graph().layers();
        String first = layers.get(piece.first()).name();
        String last = layers.get(piece.end() - 1).name();
        return piece.end() - piece.first() == 1 ? "layer " + first : "layers " + first + " to " + last;
    }

    private String advice(int most, boolean canCutFiner) {
        List<String> ways = new ArrayList<>();
        int layers = problem.graph().layers().size();
        if (canCutFiner
                && stages.max() == most
                && most < Math.min(layers, topology.slots().size())) {
            ways.add("allow more than " + most + " stages");
        }
        if (canCutFiner && topology.slots().size() == most && most < layers) {
            ways.add("add slots");
        }
        if (!rematerialize) {
            ways.add("allow re-materialization");
        }
        if (costs.memory().schedule() == ScheduleKind.GPIPE) {
            ways.add("use OneForwardOneBackward, which holds fewer micro-batches");
        }
        ways.add("make micro-batches smaller");
        ways.add("use slots with more memory");
        return "Maybe " + String.join(", or ", ways) + ".";
    }

    private static String size(long bytes) {
        String[] units = {"bytes", "KiB", "MiB", "GiB", "TiB"};
        int unit = 0;
        double value = bytes;
        while (value >= 1_024 && unit < units.length - 1) {
            value /= 1_024;
            unit++;
        }
        return unit == 0 ? bytes + " bytes" : String.format(Locale.ROOT, "%.1f %s", value, units[unit]);
    }
}
