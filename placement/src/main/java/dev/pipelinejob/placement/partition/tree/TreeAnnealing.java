package dev.pipelinejob.placement.partition.tree;

import dev.pipelinejob.placement.partition.IntLists;
import dev.pipelinejob.placement.partition.Reordering;
import dev.pipelinejob.placement.partition.SearchControl;
import dev.pipelinejob.placement.partition.UnitGraph;
import java.util.Arrays;
import java.util.SplittableRandom;

/// Moves units along the chain of shares, exchanges the leaves of two shares and lets leaves without a share join the
/// chain anywhere: so a domain may get shares from several places of the chain, which no cut of an order gives it.
///
/// The shares stay a chain: each leaf has a rank, and a unit only goes to ranks between its predecessors' and its
/// successors'. What makes loads and times more even is kept, what makes them less even is kept ever more rarely.
final class TreeAnnealing {
    private static final long STEPS_A_MOVE = 400;
    private static final int LEAST_MOVES = 4_000;
    private static final double HOT = 0.3;
    private static final double COLD = 2e-4;
    private static final int EXCHANGES_APART = 24;
    private static final int CYCLES = 3;

    private final UnitGraph graph;
    private final Tensors tensors;
    private final TreeShape shape;
    private final Reordering reordering;
    private final SplittableRandom random;
    private final TreeTable table;
    private final IntLists tensorsOfUnit;
    private final int[] leafAt;
    private final int[] rankOf;
    private final int[] unitsOn;
    /// An exchange moves whole shares, so that there are the fewer of them, the larger shares are.
    private final int movesAnExchange;
    private int[] best = new int[0];
    private double value;

    TreeAnnealing(UnitGraph graph, Tensors tensors, TreeShape shape, long seed) {
        this.graph = graph;
        this.tensors = tensors;
        this.shape = shape;
        this.reordering = new Reordering(graph, seed);
        this.random = new SplittableRandom(seed);
        this.table = new TreeTable(graph, tensors, shape);
        this.tensorsOfUnit = tensors.pins().inverse(graph.units());
        this.leafAt = new int[shape.leafCount()];
        this.rankOf = new int[shape.leafCount()];
        this.unitsOn = new int[shape.leafCount()];
        this.movesAnExchange = Math.max(EXCHANGES_APART, 2 * graph.units() / shape.leafCount());
    }

    /// The best split met: the given one or a better one.
    ///
    /// @param steps about how much work it may do
    /// @param enough no split can be below this, so that reaching it ends the search
    int[] better(int[] start, long steps, double enough, SearchControl control) {
        best = start.clone();
        table.set(best, 1);
        value = table.largest(Double.POSITIVE_INFINITY);
        long moves = Math.max(LEAST_MOVES, steps / STEPS_A_MOVE / CYCLES);
        for (int cycle = 0; cycle < CYCLES && value > enough && !control.stopped(); cycle++) {
            begin(best);
            cool(moves, HOT / (1 + cycle), control);
        }
        return best.clone();
    }

    private void cool(long moves, double hot, SearchControl control) {
        double energy = table.addUp();
        double cooling = Math.pow(COLD / hot, 1.0 / moves);
        double temperature = hot;
        for (long move = 0; move < moves; move++) {
            temperature *= cooling;
            energy = move % movesAnExchange == 0 ? exchange(energy, temperature) : moveUnit(energy, temperature);
            if ((move & 0x3FF) == 0x3FF) {
                control.spend(STEPS_A_MOVE * 0x400);
                energy = table.addUp();
                if (control.stopped()) {
                    return;
                }
            }
        }
    }

    /// Ranks the leaves: those with shares as their shares follow each other, the others between them at random.
    private void begin(int[] leafOfUnit) {
        table.set(leafOfUnit, value);
        Arrays.fill(unitsOn, 0);
        Arrays.fill(rankOf, -1);
        int ranks = 0;
        for (int unit : reordering.next(leafOfUnit)) {
            int leaf = leafOfUnit[unit];
            unitsOn[leaf]++;
            if (rankOf[leaf] < 0) {
                rankOf[leaf] = ranks;
                leafAt[ranks++] = leaf;
            }
        }
        for (int leaf = 0; leaf < rankOf.length; leaf++) {
            if (rankOf[leaf] < 0) {
                leafAt[ranks++] = leaf;
            }
        }
        for (int rank = 0; rank < leafAt.length; rank++) {
            rankOf[leafAt[rank]] = rank;
        }
        for (int leaf = 0; leaf < rankOf.length; leaf++) {
            if (unitsOn[leaf] == 0) {
                rotate(rankOf[leaf], random.nextInt(leafAt.length));
            }
        }
    }

    /// Takes a leaf without a share to another rank; shares in between keep their order.
    private void rotate(int from, int to) {
        int leaf = leafAt[from];
        if (from < to) {
            System.arraycopy(leafAt, from + 1, leafAt, from, to - from);
        } else {
            System.arraycopy(leafAt, to, leafAt, to + 1, from - to);
        }
        leafAt[to] = leaf;
        for (int rank = Math.min(from, to); rank <= Math.max(from, to); rank++) {
            rankOf[leafAt[rank]] = rank;
        }
    }

    private double moveUnit(double energy, double temperature) {
        int unit = random.nextInt(graph.units());
        int from = table.leafOf(unit);
        int to = target(unit, from);
        if (to == from || table.bytesOn(to) + graph.bytes(unit) > shape.leaf(to).memoryBytes()) {
            return energy;
        }
        double next = table.after(unit, to);
        if (!isWelcome(energy, next, temperature)) {
            return energy;
        }
        table.take();
        unitsOn[from]--;
        unitsOn[to]++;
        keepIfBest();
        return next;
    }

    private boolean isWelcome(double energy, double next, double temperature) {
        return next <= energy || random.nextDouble() < Math.exp((energy - next) / temperature);
    }

    private void keepIfBest() {
        double limit = value * (1 - 1e-9);
        double largest = table.largest(limit);
        if (largest < limit) {
            best = table.assignment();
            value = largest;
        }
    }

    /// A rank between those of the unit's neighbours: that of a unit on a common tensor, or the next one.
    private int target(int unit, int from) {
        int low = 0;
        int high = leafAt.length - 1;
        IntLists before = graph.predecessors();
        for (int edge = before.from(unit); edge < before.end(unit); edge++) {
            low = Math.max(low, rankOf[table.leafOf(before.item(edge))]);
        }
        IntLists behind = graph.successors();
        for (int edge = behind.from(unit); edge < behind.end(unit); edge++) {
            high = Math.min(high, rankOf[table.leafOf(behind.item(edge))]);
        }
        int rank = rankOf[from];
        int choice = random.nextInt(8);
        int met = tensorsOfUnit.size(unit);
        if (choice == 0) {
            rank = low + random.nextInt(high - low + 1);
        } else if (choice < 4 || met == 0) {
            rank += random.nextBoolean() ? 1 : -1;
        } else {
            int tensor = tensorsOfUnit.item(tensorsOfUnit.from(unit) + random.nextInt(met));
            IntLists pins = tensors.pins();
            rank = rankOf[table.leafOf(pins.item(pins.from(tensor) + random.nextInt(pins.size(tensor))))];
        }
        return leafAt[Math.clamp(rank, low, high)];
    }

    /// Two leaves exchange their shares, or a leaf without a share gets another rank.
    private double exchange(double energy, double temperature) {
        int one = random.nextInt(leafAt.length);
        int other = random.nextInt(leafAt.length);
        if (one == other || (unitsOn[one] == 0 && unitsOn[other] == 0) || areAlike(one, other)) {
            return energy;
        }
        if (unitsOn[one] == 0 && random.nextBoolean()) {
            rotate(rankOf[one], rankOf[other]);
            return energy;
        }
        if (table.bytesOn(one) > shape.leaf(other).memoryBytes()
                || table.bytesOn(other) > shape.leaf(one).memoryBytes()) {
            return energy;
        }
        double next = swap(one, other, energy);
        if (isWelcome(energy, next, temperature)) {
            keepIfBest();
            return next;
        }
        return swap(one, other, next);
    }

    /// Whether it makes no difference which of the two has which share.
    private boolean areAlike(int one, int other) {
        int node = shape.nodeOfLeaf(one);
        int that = shape.nodeOfLeaf(other);
        return shape.parent(node) == shape.parent(that) && shape.typeOf(node).equals(shape.typeOf(that));
    }

    private double swap(int one, int other, double before) {
        double energy = before;
        for (int unit = 0; unit < graph.units(); unit++) {
            int leaf = table.leafOf(unit);
            if (leaf == one || leaf == other) {
                energy = table.after(unit, leaf == one ? other : one);
                table.take();
            }
        }
        int rank = rankOf[one];
        rankOf[one] = rankOf[other];
        rankOf[other] = rank;
        leafAt[rankOf[one]] = one;
        leafAt[rankOf[other]] = other;
        int units = unitsOn[one];
        unitsOn[one] = unitsOn[other];
        unitsOn[other] = units;
        return energy;
    }
}
