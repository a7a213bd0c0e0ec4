package dev.pipelinejob.placement.partition.tree;

import dev.pipelinejob.placement.partition.UnitGraph;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Decides whether one order of the units can be cut into consecutive shares, one for each subtree and each leaf, with
/// no load of a device and no time on a link above a limit.
///
/// For each type of node and each left end there is a row of the right ends that a node of this type can take. A
/// leaf's row is what fits on it. A domain's row is what its children can take one after the other, as far as its own
/// link allows. Any child may be left out. Children are used in any order, where [ChildStates] tells them apart.
final class OrderOnTree {
    private static final long STEPS_A_JOIN = 8;
    private static final long STEPS_A_CUT = 40;

    private final UnitGraph graph;
    private final TreeShape shape;
    private final int[] order;
    /// Positions at which may be cut, from 0 to the number of units.
    private final int[] cuts;

    private final PinEvents events;
    private final double[] workBefore;
    private final double[] bytesBefore;
    private final int[] unsupportedBefore;
    private final int last;
    private final long[][][] fits;
    private final long[][][] reached;
    private double limit;
    private double next;
    private long steps;

    OrderOnTree(UnitGraph graph, Tensors tensors, TreeShape shape, int[] order, int[] cuts) {
        this.graph = graph;
        this.shape = shape;
        this.order = order.clone();
        this.cuts = cuts.clone();
        this.events = new PinEvents(graph, tensors, order);
        this.last = cuts.length - 1;
        this.workBefore = new double[cuts.length];
        this.bytesBefore = new double[cuts.length];
        this.unsupportedBefore = new int[cuts.length];
        for (int cut = 1; cut < cuts.length; cut++) {
            workBefore[cut] = workBefore[cut - 1];
            bytesBefore[cut] = bytesBefore[cut - 1];
            unsupportedBefore[cut] = unsupportedBefore[cut - 1];
            for (int position = cuts[cut - 1]; position < cuts[cut]; position++) {
                workBefore[cut] += graph.work(order[position]);
                bytesBefore[cut] += graph.bytes(order[position]);
                unsupportedBefore[cut] += graph.supported(order[position]) ? 0 : 1;
            }
        }
        int types = shape.types().size();
        this.fits = new long[types][cuts.length][];
        this.reached = new long[types][cuts.length][];
    }

    /// What came of one decision.
    ///
    /// @param leafOfUnit the split, or null when there is none
    /// @param nextMillis when there is none: no limit below this gives another answer
    @SuppressWarnings("ArrayRecordComponent") // passed on at once and never compared
    record Decision(int @Nullable [] leafOfUnit, double nextMillis) {}

    /// Whether all loads and times can be at most the limit.
    Decision decide(double limitMillis) {
        limit = limitMillis;
        steps = 0;
        next = Double.POSITIVE_INFINITY;
        for (int type = 0; type < fits.length; type++) {
            Arrays.fill(fits[type], null);
            Arrays.fill(reached[type], null);
        }
        NodeType root = shape.typeOf(shape.root());
        long[][] sets = setsOf(root, 0, true);
        if (!has(sets[root.states().states() - 1], 0, last)) {
            return new Decision(null, next);
        }
        int[] leafOfUnit = new int[graph.units()];
        assign(shape.root(), 0, last, leafOfUnit);
        return new Decision(leafOfUnit, limitMillis);
    }

    /// About how much work the last decision was.
    long steps() {
        return steps;
    }

    private static boolean has(long[] row, int left, int right) {
        int word = (right >> 6) - (left >> 6);
        return word >= 0 && word < row.length && (row[word] >>> right & 1) != 0;
    }

    /// The right ends that each state of a domain's children can reach from a left end.
    private long[][] setsOf(NodeType type, int left, boolean isRoot) {
        int words = isRoot ? (last >> 6) + 1 : fitsOn(type, left).length;
        ChildStates states = type.states();
        long[][] sets = new long[states.states()][words];
        sets[0][0] = 1L << left;
        double[] used = isRoot ? states.speedUsed() : new double[0];
        for (ChildStates.Step step : states.steps()) {
            long[] from = sets[step.from()];
            long[] to = sets[step.to()];
            long[] done = step.earlier() < 0 ? null : sets[step.earlier()];
            double workLeft =
                    isRoot ? (type.speed() - used[step.from()]) * limit * (1 + 1e-12) : Double.POSITIVE_INFINITY;
            steps += words;
            for (int word = 0; word < words; word++) {
                to[word] |= from[word];
                long bits = done == null ? from[word] : from[word] & ~done[word];
                while (bits != 0) {
                    int right = (((left >> 6) + word) << 6) + Long.numberOfTrailingZeros(bits);
                    bits &= bits - 1;
                    if (workBefore[last] - workBefore[right] <= workLeft) {
                        join(to, word, reachedBy(step.child(), right));
                    } else {
                        next = Math.min(
                                next, (workBefore[last] - workBefore[right]) / (type.speed() - used[step.from()]));
                    }
                }
            }
        }
        return sets;
    }

    private void join(long[] to, int word, long[] row) {
        int end = Math.min(row.length, to.length - word);
        steps += STEPS_A_JOIN + end;
        for (int index = 0; index < end; index++) {
            to[word + index] |= row[index];
        }
    }

    private long[] reachedBy(NodeType type, int left) {
        long[] known = reached[type.number()][left];
        if (known != null) {
            return known;
        }
        long[] row = fitsOn(type, left);
        if (!type.isLeaf()) {
            long[][] sets = setsOf(type, left, false);
            long[] all = sets[sets.length - 1];
            for (int word = 0; word < all.length; word++) {
                all[word] &= row[word];
            }
            row = all;
        }
        reached[type.number()][left] = row;
        return row;
    }

    /// The right ends of shares that the type's own device or link allows; always the left end itself.
    private long[] fitsOn(NodeType type, int left) {
        if (fits[type.number()][left] == null) {
            walkFrom(left);
        }
        return fits[type.number()][left];
    }

    /// Fills the rows of all types for one left end.
    private void walkFrom(int left) {
        int types = shape.types().size() - 1;
        long[][] rows = new long[types][];
        int[] end = new int[types];
        int open = 0;
        for (int number = 0; number < types; number++) {
            end[number] = windowEnd(shape.types().get(number), left);
            rows[number] = new long[(end[number] >> 6) - (left >> 6) + 1];
            rows[number][0] = 1L << left;
            open = Math.max(open, end[number]);
        }
        events.clear();
        steps += STEPS_A_CUT * (open - left);
        for (int right = left + 1; right <= open; right++) {
            for (int position = cuts[right - 1]; position < cuts[right]; position++) {
                events.add(position, cuts[left]);
            }
            for (int number = 0; number < types; number++) {
                if (right <= end[number] && allows(shape.types().get(number), left, right)) {
                    rows[number][(right >> 6) - (left >> 6)] |= 1L << right;
                }
            }
        }
        for (int number = 0; number < types; number++) {
            fits[number][left] = rows[number];
        }
    }

    /// The last right end at which the work of the share is not too much.
    private int windowEnd(NodeType type, int left) {
        double most = workBefore[left] + limit * type.speed() * (1 + 1e-12);
        int low = left;
        int high = last;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (workBefore[middle] <= most && bytesBefore[middle] - bytesBefore[left] <= type.memoryBytes()) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        if (low < last && bytesBefore[low + 1] - bytesBefore[left] <= type.memoryBytes()) {
            next = Math.min(next, (workBefore[low + 1] - workBefore[left]) / type.speed());
        }
        return low;
    }

    private boolean allows(NodeType type, int left, int right) {
        double time = type.isLeaf()
                ? (workBefore[right] - workBefore[left]) / type.speed()
                        + type.millis(events.inBytes + events.outBytes, events.inMessages + events.outMessages)
                : Math.max(
                        type.millis(events.inBytes, events.inMessages),
                        type.millis(events.outBytes, events.outMessages));
        boolean possible = unsupportedBefore[right] == unsupportedBefore[left]
                && bytesBefore[right] - bytesBefore[left] <= type.memoryBytes();
        if (possible && time > limit) {
            next = Math.min(next, time);
        }
        return possible && time <= limit;
    }

    /// Gives the share between two cuts to the leaves below a node.
    private void assign(int node, int left, int right, int[] leafOfUnit) {
        if (shape.leafOfNode(node) >= 0) {
            for (int position = cuts[left]; position < cuts[right]; position++) {
                leafOfUnit[order[position]] = shape.leafOfNode(node);
            }
            return;
        }
        NodeType type = shape.typeOf(node);
        long[][] sets = setsOf(type, left, node == shape.root());
        boolean[] taken = new boolean[shape.children(node).size()];
        int state = sets.length - 1;
        int end = right;
        while (state > 0) {
            ChildStates.Step step = stepTo(type, sets, state, left, end);
            int begin = beginOf(step, sets[step.from()], left, end);
            if (begin < end) {
                assign(freeChild(node, step.child(), taken), begin, end, leafOfUnit);
            }
            state = step.from();
            end = begin;
        }
    }

    private ChildStates.Step stepTo(NodeType type, long[][] sets, int state, int left, int end) {
        for (ChildStates.Step step : type.states().steps()) {
            if (step.to() == state && beginOf(step, sets[step.from()], left, end) >= 0) {
                return step;
            }
        }
        throw new IllegalStateException("A reached cut has no way that leads to it.");
    }

    /// The latest cut from which one more child reaches the end; -1 when there is none. A child left out comes first.
    private int beginOf(ChildStates.Step step, long[] from, int left, int end) {
        for (int begin = end; begin >= left; begin--) {
            if (has(from, left, begin) && (begin == end || has(reachedBy(step.child(), begin), begin, end))) {
                return begin;
            }
        }
        return -1;
    }

    private int freeChild(int node, NodeType type, boolean[] taken) {
        for (int index = 0; index < taken.length; index++) {
            int child = shape.children(node).get(index);
            if (!taken[index] && shape.typeOf(child).equals(type)) {
                taken[index] = true;
                return child;
            }
        }
        throw new IllegalStateException("A domain has fewer children of a type than were used.");
    }
}
