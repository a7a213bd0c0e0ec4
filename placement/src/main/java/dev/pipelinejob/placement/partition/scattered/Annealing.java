package dev.pipelinejob.placement.partition.scattered;

import dev.pipelinejob.placement.partition.LoadTable;
import dev.pipelinejob.placement.partition.SearchControl;
import dev.pipelinejob.placement.partition.UnitGraph;
import java.util.SplittableRandom;

/// Moves units between devices at random: what makes loads more even is kept, what makes them less even is kept ever
/// more rarely. Evenness is the sum of a high power of the loads, which the largest ones dominate.
final class Annealing {
    private static final int FIRST_MOVES = 40_000;
    private static final double GROWTH = 1.6;
    private static final int MOST_MOVES = 20_000_000;
    private static final double HOT = 0.3;
    private static final double COLD = 2e-4;
    private static final int FIRST_MOVES_A_CHOICE = 100;
    private static final int MOST_MOVES_A_CHOICE = 8_000;

    private final UnitGraph graph;
    private final SplittableRandom random;

    Annealing(UnitGraph graph, long seed) {
        this.graph = graph;
        this.random = new SplittableRandom(seed);
    }

    /// The best split met: the given one or a better one.
    ///
    /// @param enough no split can be below this, so that reaching it ends the search
    int[] better(int[] start, double enough, SearchControl control) {
        if (graph.units() < 2 || graph.accelerators() + graph.cpus() < 2) {
            return start;
        }
        LoadTable table = new LoadTable(graph, start);
        int[] best = start.clone();
        double value = table.largest();
        double choices = (double) graph.units() * (graph.accelerators() + graph.cpus());
        double moves = Math.min(FIRST_MOVES, FIRST_MOVES_A_CHOICE * choices);
        double left = MOST_MOVES_A_CHOICE * choices;
        for (int cycle = 0; left > 0 && value > enough && !control.stopped(); cycle++) {
            left -= moves;
            table.set(best);
            double scale = value;
            double energy = table.energy(scale);
            double cooling = Math.pow(COLD / HOT, 1 / moves);
            double temperature = HOT / (1 + cycle % 4);
            for (int move = 0; move < moves; move++) {
                temperature *= cooling;
                int unit = random.nextInt(graph.units());
                int from = table.deviceOf(unit);
                int to = target(table, unit);
                if (to == from || !table.fits(unit, to)) {
                    continue;
                }
                table.move(unit, to);
                double next = table.energy(scale);
                if (next <= energy || random.nextDouble() < Math.exp((energy - next) / temperature)) {
                    energy = next;
                    if (table.largest() < value * (1 - 1e-12)) {
                        best = table.copy();
                        value = table.largest();
                    }
                } else {
                    table.move(unit, from);
                }
                if ((move & 0xFFF) == 0 && control.stopped()) {
                    break;
                }
            }
            moves = Math.min(moves * GROWTH, MOST_MOVES);
        }
        return best;
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
