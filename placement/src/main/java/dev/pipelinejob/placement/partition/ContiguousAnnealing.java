package dev.pipelinejob.placement.partition;

import java.util.Arrays;
import java.util.SplittableRandom;

/// Moves units at random between the devices of a contiguous split, which stay in a row: a unit goes no further than
/// the devices of what it reads and of what reads it. Evenness, a sum of high powers of the loads, decides.
final class ContiguousAnnealing {
    private static final int FIRST_MOVES = 100_000;
    private static final double GROWTH = 1.6;
    private static final int MOST_MOVES = 30_000_000;
    private static final int TEMPERATURES = 4;

    private final UnitGraph graph;
    private final SplittableRandom random;
    private final LoadAnnealing annealing;

    ContiguousAnnealing(UnitGraph graph, long seed) {
        this.graph = graph;
        this.random = new SplittableRandom(seed);
        this.annealing = new LoadAnnealing(graph, random);
    }

    /// The best split met: the given one or a better one.
    ///
    /// @param enough no split can be below this, so that reaching it ends the search
    int[] better(int[] start, double enough, SearchControl control) {
        int[] best = start;
        double value = graph.value(start);
        double moves = FIRST_MOVES;
        for (int cycle = 0; value > enough && !control.stopped(); cycle++) {
            int[] found = cycle(best, moves, LoadAnnealing.HOT / (1 + cycle % TEMPERATURES), control);
            double now = graph.value(found);
            if (now < value) {
                best = found;
                value = now;
            }
            moves = Math.min(moves * GROWTH, MOST_MOVES);
        }
        return best;
    }

    private int[] cycle(int[] start, double moves, double hot, SearchControl control) {
        Row row = new Row(start);
        LoadTable table = new LoadTable(graph, start);
        LoadAnnealing.Met given = new LoadAnnealing.Met(start, table.largest());
        return annealing.cool(table, given, moves, hot, row::target, control).assignment();
    }

    /// The devices in a row.
    private final class Row {
        private final int[] deviceAt;
        private final int[] placeOf;

        Row(int[] start) {
            int devices = graph.accelerators() + graph.cpus();
            int[] rank = new Reordering(graph, 0).rankOfDevice(start);
            this.deviceAt = new int[devices];
            this.placeOf = new int[devices];
            Arrays.fill(placeOf, -1);
            for (int device = 0; device < rank.length; device++) {
                placeOf[device] = rank[device];
            }
            int free = rank.length;
            for (int device = 0; device < devices; device++) {
                placeOf[device] = placeOf[device] < 0 ? free++ : placeOf[device];
                deviceAt[placeOf[device]] = device;
            }
        }

        /// A device one further in the row, or sometimes any that the order allows.
        int target(LoadTable table, int unit) {
            int least = 0;
            int most = deviceAt.length - 1;
            for (int edge = graph.predecessors.from(unit); edge < graph.predecessors.end(unit); edge++) {
                least = Math.max(least, placeOf[table.deviceOf(graph.predecessors.item(edge))]);
            }
            for (int edge = graph.successors.from(unit); edge < graph.successors.end(unit); edge++) {
                most = Math.min(most, placeOf[table.deviceOf(graph.successors.item(edge))]);
            }
            int place = placeOf[table.deviceOf(unit)];
            if (least == most) {
                return deviceAt[place];
            }
            int next = place + (random.nextBoolean() ? 1 : -1);
            if (random.nextInt(8) == 0) {
                next = least + random.nextInt(most - least + 1);
            }
            return next < least || next > most ? deviceAt[place] : deviceAt[next];
        }
    }
}
