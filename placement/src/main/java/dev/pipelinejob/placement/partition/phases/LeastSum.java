package dev.pipelinejob.placement.partition.phases;

import dev.pipelinejob.placement.partition.IdealSearch;
import dev.pipelinejob.placement.partition.SearchControl;
import dev.pipelinejob.placement.partition.UnitGraph;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/// Minimises the sum of the largest forward and the largest backward load by questions that have a limit for each.
///
/// What could be better than the best split so far lies in *boxes*: ranges of the two largest loads. A question covers
/// all splits of a box whose sum is below a target, because a split in the box has at least the box's least load in the
/// other phase. A refusal empties the box up to the target. A split with loads (f, b) leaves two boxes: less than f
/// forward, or less than b backward; whatever is in neither has a sum of at least f + b.
final class LeastSum {
    /// How far below a value the next one must be to count as better; the proofs are as exact as this.
    static final double EXACT = 1e-9;

    private static final double FINEST_BOUND = 0.002;
    private static final int MOST_QUESTIONS = 20_000;

    private final List<UnitGraph> phases;
    private final double[] least;
    private int[] best;
    private double value;
    private double bound;

    /// Begins with a split that is known.
    ///
    /// @param least for each phase a load that some device always has
    LeastSum(List<UnitGraph> phases, double[] least, int[] known) {
        this.phases = phases;
        this.least = least.clone();
        this.best = known;
        this.value = Arrays.stream(loads(known)).sum();
        this.bound = least[0] + least[1];
    }

    /// Answers whether there is a split with all loads of each phase at most the phase's limit.
    interface Decider {
        IdealSearch.Decision decide(double... limits);
    }

    /// A range of largest loads, forward and backward, and what no sum in it is below.
    @SuppressWarnings("ArrayRecordComponent") // passed on at once and never compared
    private record Box(double[] low, double[] high, double atLeast) {
        Box above(double sum) {
            return new Box(low, high, Math.max(atLeast, sum));
        }

        /// What is left with less than a load in one phase.
        Box less(int phase, double load) {
            double[] newHigh = high.clone();
            newHigh[phase] = load * (1 - EXACT);
            return new Box(low, newHigh, atLeast);
        }

        /// What is left with at least a load in one phase.
        Box more(int phase, double load) {
            double[] newLow = low.clone();
            newLow[phase] = Math.max(low[phase], load * (1 - EXACT));
            return new Box(newLow, high, Math.max(atLeast, newLow[0] + newLow[1]));
        }

        boolean isEmpty() {
            return high[0] < low[0] || high[1] < low[1];
        }
    }

    int[] best() {
        return best.clone();
    }

    double value() {
        return value;
    }

    /// No split that the last proof covered has a smaller sum.
    double bound() {
        return Math.min(bound, value);
    }

    /// Improves by one order; how many steps that took.
    long cut(OrderOfPhases order, SearchControl control) {
        PriorityQueue<Box> open = everything();
        for (int question = 0; question < MOST_QUESTIONS && isOpen(open) && !control.stopped(); question++) {
            Box box = open.remove();
            ask(box, value * (1 - EXACT), order::decide, open);
        }
        return order.steps();
    }

    /// Improves until nothing is better; whether that was proved.
    boolean prove(Decider decider) {
        PriorityQueue<Box> open = everything();
        boolean decided = true;
        for (int question = 0; decided && isOpen(open); question++) {
            decided = question < MOST_QUESTIONS && ask(open.remove(), value * (1 - EXACT), decider, open);
        }
        bound = decided ? value * (1 - EXACT) : bound;
        return decided;
    }

    /// Raises the bound by questions with smaller targets, which are easier to refuse.
    void raise(Decider decider, SearchControl control) {
        PriorityQueue<Box> open = everything();
        double ceiling = value;
        for (int question = 0; question < MOST_QUESTIONS && isOpen(open) && !control.stopped(); question++) {
            Box box = open.remove();
            ceiling = Math.min(ceiling, value);
            double target = (box.atLeast() + ceiling) / 2;
            if (box.atLeast() >= ceiling * (1 - FINEST_BOUND)) {
                open.add(box);
                break;
            }
            if (!ask(box, target, decider, open)) {
                ceiling = target;
                open.add(box);
            }
        }
        Box lowest = open.peek();
        bound = Math.max(bound, lowest == null ? value * (1 - EXACT) : lowest.atLeast());
    }

    private PriorityQueue<Box> everything() {
        PriorityQueue<Box> open =
                new PriorityQueue<>(Comparator.comparingDouble(Box::atLeast).thenComparingDouble(box -> box.low()[0]));
        double[] most = {Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY};
        open.add(new Box(least, most, Math.max(bound, least[0] + least[1])));
        return open;
    }

    private boolean isOpen(PriorityQueue<Box> open) {
        Box lowest = open.peek();
        return lowest != null && lowest.atLeast() < value * (1 - EXACT);
    }

    /// Asks for a split of a box with at most a sum, and puts back what is left of the box; whether there was an
    // answer.
    private boolean ask(Box box, double target, Decider decider, PriorityQueue<Box> open) {
        double forward = Math.min(box.high()[0], target - box.low()[1]);
        double backward = Math.min(box.high()[1], target - box.low()[0]);
        if (forward >= box.low()[0] && backward >= box.low()[1]) {
            IdealSearch.Decision decision = decider.decide(forward, backward);
            int[] deviceOfUnit = decision.deviceOfUnit();
            if (deviceOfUnit != null) {
                double[] found = loads(deviceOfUnit);
                keep(deviceOfUnit, found);
                putBack(open, box.less(0, found[0]), found[0]);
                putBack(open, box.more(0, found[0]).less(1, found[1]), found[1]);
                return true;
            }
            if (!decision.isDecided()) {
                return false;
            }
        }
        if (target < value * (1 - EXACT)) {
            open.add(box.above(target));
        }
        return true;
    }

    private static void putBack(PriorityQueue<Box> open, Box box, double load) {
        if (load > 0 && !box.isEmpty()) {
            open.add(box);
        }
    }

    private void keep(int[] deviceOfUnit, double[] loads) {
        if (loads[0] + loads[1] < value) {
            best = deviceOfUnit;
            value = loads[0] + loads[1];
        }
    }

    private double[] loads(int[] deviceOfUnit) {
        return phases.stream().mapToDouble(phase -> phase.value(deviceOfUnit)).toArray();
    }
}
