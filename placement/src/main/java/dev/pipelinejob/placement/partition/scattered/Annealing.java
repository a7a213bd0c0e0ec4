package dev.pipelinejob.placement.partition.scattered;

import dev.pipelinejob.placement.partition.LoadAnnealing;
import dev.pipelinejob.placement.partition.LoadTable;
import dev.pipelinejob.placement.partition.SearchControl;
import dev.pipelinejob.placement.partition.UnitGraph;
import java.util.SplittableRandom;

/// Moves units between any devices at random, in coolings that take ever longer.
final class Annealing {
    private static final int FIRST_MOVES = 40_000;
    private static final double GROWTH = 1.6;
    private static final int MOST_MOVES = 20_000_000;
    private static final int FIRST_MOVES_A_CHOICE = 100;
    private static final int MOST_MOVES_A_CHOICE = 8_000;

    private final UnitGraph graph;
    private final SplittableRandom random;
    private final LoadAnnealing annealing;

    Annealing(UnitGraph graph, long seed) {
        this.graph = graph;
        this.random = new SplittableRandom(seed);
        this.annealing = new LoadAnnealing(graph, random);
    }

    /// The best split met: the given one or a better one.
    ///
    /// @param enough no split can be below this, so that reaching it ends the search
    int[] better(int[] start, double enough, SearchControl control) {
        if (graph.units() < 2 || graph.accelerators() + graph.cpus() < 2) {
            return start;
        }
        LoadTable table = new LoadTable(graph, start);
        LoadAnnealing.Met best = new LoadAnnealing.Met(start.clone(), table.largest());
        double choices = (double) graph.units() * (graph.accelerators() + graph.cpus());
        double moves = Math.min(FIRST_MOVES, FIRST_MOVES_A_CHOICE * choices);
        double left = MOST_MOVES_A_CHOICE * choices;
        for (int cycle = 0; left > 0 && best.value() > enough && !control.stopped(); cycle++) {
            left -= moves;
            table.set(best.assignment());
            best = annealing.cool(table, best, moves, LoadAnnealing.HOT / (1 + cycle % 4), this::target, control);
            moves = Math.min(moves * GROWTH, MOST_MOVES);
        }
        return best.assignment();
    }

    /// Mostly the device of a neighbour, sometimes any.
    private int target(LoadTable table, int unit) {
        int nets = graph.netsOfUnit().size(unit);
        if (nets == 0 || random.nextInt(8) == 0) {
            return random.nextInt(graph.accelerators() + graph.cpus());
        }
        int net = graph.netsOfUnit().item(graph.netsOfUnit().from(unit) + random.nextInt(nets));
        int pin = graph.pins().from(net) + random.nextInt(graph.pins().size(net));
        return table.deviceOf(graph.pins().item(pin));
    }
}
