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
    private static final double MOVES_A_UNIT = 200;
    private static final int LEAST_MOVES = 4_000;
    private static final int MOST_MOVES = 200_000;
    private static final double HOT = 0.3;
    private static final double COLD = 2e-4;
    private static final int EXCHANGE_EVERY = 24;
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
    }

    /// The best split met: the given one or a better one.
    ///
    /// @param effort a part of the usual number of moves
    /// @param enough no split can be below this, so that reaching it ends the search
    int[] better(int[] start, double effort, double enough, SearchControl control) {
        best = start.clone();
        begin(best);
        table.energy(1);
        value = table.largest();
        double moves = effort * Math.clamp(MOVES_A_UNIT * graph.units(), LEAST_MOVES, MOST_MOVES);
        for (int cycle = 0; cycle < CYCLES && value > enough && !control.stopped(); cycle++) {
            if (cycle > 0) {
                begin(best);
            }
            cool(moves, HOT / (1 + cycle), control);
        }
        return best.clone();
    }

    private void cool(double moves, double hot, SearchControl control) {
        double scale = value;
        double energy = table.energy(scale);
        double cooling = Math.pow(COLD / HOT, 1 / moves);
        double temperature = hot;
        for (int move = 0; move < moves; move++) {
            temperature *= cooling;
            energy = move % EXCHANGE_EVERY == 0
                    ? exchange(energy, scale, temperature)
                    : moveUnit(energy, scale, temperature);
            if ((move & 0x3FF) == 0 && control.stopped()) {
                return;
            }
        }
    }

    /// Ranks the leaves: those with shares as their shares follow each other, the others between them at random.
    private void begin(int[] leafOfUnit) {
        table.set(leafOfUnit);
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

    private double moveUnit(double energy, double scale, double temperature) {
        int unit = random.nextInt(graph.units());
        int from = table.leafOf(unit);
        int to = target(unit, from);
        if (to == from || table.bytesOn(to) + graph.bytes(unit) > shape.leaf(to).memoryBytes()) {
            return energy;
        }
        table.move(unit, to);
        double next = table.energy(scale);
        if (accepts(energy, next, temperature)) {
            unitsOn[from]--;
            unitsOn[to]++;
            return next;
        }
        table.move(unit, from);
        return energy;
    }

    private boolean accepts(double energy, double next, double temperature) {
        boolean isAccepted = next <= energy || random.nextDouble() < Math.exp((energy - next) / temperature);
        if (isAccepted && table.largest() < value * (1 - 1e-9)) {
            best = table.copy();
            value = table.largest();
        }
        return isAccepted;
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
    private double exchange(double energy, double scale, double temperature) {
        int one = random.nextInt(leafAt.length);
        int other = random.nextInt(leafAt.length);
        if (one == other || (unitsOn[one] == 0 && unitsOn[other] == 0)) {
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
        swap(one, other);
        double next = table.energy(scale);
        if (accepts(energy, next, temperature)) {
            return next;
        }
        swap(one, other);
        return energy;
    }

    private void swap(int one, int other) {
        for (int unit = 0; unit < graph.units(); unit++) {
            int leaf = table.leafOf(unit);
            if (leaf == one || leaf == other) {
                table.move(unit, leaf == one ? other : one);
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
    }
}
