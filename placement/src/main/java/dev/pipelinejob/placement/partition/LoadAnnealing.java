package dev.pipelinejob.placement.partition;

import java.util.SplittableRandom;

/// One cooling of a split: units move at random, what makes loads more even is kept, what makes them less even is kept
/// ever more rarely. Evenness is the sum of a high power of the loads, which the largest ones dominate.
public final class LoadAnnealing {
    /// The temperature that a first cooling begins with.
    public static final double HOT = 0.3;

    private static final double COLD = 2e-4;
    private static final long STEPS_A_MOVE = 200;

    private final UnitGraph graph;
    private final SplittableRandom random;

    public LoadAnnealing(UnitGraph graph, SplittableRandom random) {
        this.graph = graph;
        this.random = random;
    }

    /// Where a unit may go next; its own device for nowhere.
    @FunctionalInterface
    public interface Neighbourhood {
        int target(LoadTable table, int unit);
    }

    /// A split and its largest load.
    @SuppressWarnings("ArrayRecordComponent") // passed on at once and never compared
    public record Met(int[] assignment, double value) {}

    /// The best split met: the given one, which the table holds, or a better one.
    ///
    /// @param hot the temperature that it begins with
    public Met cool(
            LoadTable table, Met start, double moves, double hot, Neighbourhood neighbourhood, SearchControl control) {
        Met best = start;
        double scale = start.value();
        double energy = table.energy(scale);
        double cooling = Math.pow(COLD / HOT, 1 / moves);
        double temperature = hot;
        for (int move = 0; move < moves; move++) {
            temperature *= cooling;
            int unit = random.nextInt(graph.units());
            int from = table.deviceOf(unit);
            int to = neighbourhood.target(table, unit);
            if (to != from && table.fits(unit, to)) {
                table.move(unit, to);
                double next = table.energy(scale);
                if (next <= energy || random.nextDouble() < Math.exp((energy - next) / temperature)) {
                    energy = next;
                    if (table.largest() < best.value() * (1 - 1e-12)) {
                        best = new Met(table.copy(), table.largest());
                    }
                } else {
                    table.move(unit, from);
                }
            }
            if ((move & 0xFFF) == 0xFFF) {
                control.spend(STEPS_A_MOVE * 0x1000);
                if (control.stopped()) {
                    break;
                }
            }
        }
        return best;
    }
}
