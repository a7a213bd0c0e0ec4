package dev.pipelinejob.placement.partition.failure;

import dev.pipelinejob.placement.partition.PartitionOutcome;
import dev.pipelinejob.placement.partition.Reordering;
import dev.pipelinejob.placement.partition.SearchControl;
import dev.pipelinejob.placement.partition.Split;
import dev.pipelinejob.placement.partition.tree.TreeModel;
import dev.pipelinejob.placement.partition.tree.TreePartitioner;
import dev.pipelinejob.placement.topology.Slot;
import dev.pipelinejob.placement.topology.Topology;
import dev.pipelinejob.placement.workload.Workload;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Answers the loss of leaves for one split that is running on a tree of links, whose leaves may differ in speed,
/// memory and port; those that hold nothing are spares. Devices that differ without a tree are leaves of one root.
///
/// The order of the shares stays; spares stand in for lost leaves where these were, and where all leaves are alike,
/// leaves that others relieve of their shares do, too; boundaries shift. What a fresh split would be worth depends on
/// the shape of what is left, not on names, so that the loss of any of several equal hosts needs one fresh split, made
/// in advance.
public final class TreeReplanner {
    private final Workload workload;
    private final Topology tree;
    private final double bytesPerMilli;
    private final long seed;
    private final TreeModel model;
    private final int[] leafOfNode;
    private final int[] leafOfUnit;
    private final List<Integer> chain;
    /// Leaves that hold nothing, ascending.
    private final List<Integer> idle;

    private final CutsOnLeaves cuts;
    private final @Nullable JumpingLeaves jumps;
    private final Map<String, Double> freshValues = new HashMap<>();

    /// Prepares for losses.
    ///
    /// @param bytesPerMilli what one millisecond of an output's cost stands for
    /// @param leafOfNode the split that is running: contiguous and legal
    /// @param seed chooses the order inside shares
    public TreeReplanner(Workload workload, Topology tree, double bytesPerMilli, int[] leafOfNode, long seed) {
        this.workload = workload;
        this.tree = tree;
        this.bytesPerMilli = bytesPerMilli;
        this.seed = seed;
        this.model = TreeModel.of(workload, tree, bytesPerMilli);
        this.leafOfNode = leafOfNode.clone();
        this.leafOfUnit = model.graph().deviceOfUnit(leafOfNode);
        int[] order = new Reordering(model.graph(), seed).next(leafOfUnit);
        Set<Integer> used = new LinkedHashSet<>();
        for (int unit : order) {
            used.add(leafOfUnit[unit]);
        }
        this.chain = List.copyOf(used);
        this.idle = IntStream.range(0, tree.slots().size())
                .filter(leaf -> !used.contains(leaf))
                .boxed()
                .toList();
        this.cuts = new CutsOnLeaves(model, tree.slots().size(), order, leafOfUnit);
        this.jumps = JumpingLeaves.of(model, workload, tree, bytesPerMilli, order, leafOfUnit);
    }

    /// How many units the planner sees.
    public int units() {
        return model.graph().units();
    }

    /// The split after a loss; null when none was found.
    ///
    /// @param lost the leaves that are gone
    /// @param slack how far above a fresh split's value the new one may be, such as 0.05
    public @Nullable Replan after(Set<Integer> lost, double slack, SearchControl control) {
        double fresh = freshValue(lost, control);
        return Double.isInfinite(fresh) ? null : within(lost, fresh * (1 + slack), control);
    }

    /// The split after a loss that is worth at most a value and keeps the most bytes that were found; null when none
    /// was found. Where no shift of boundaries is good enough, a fresh split is.
    public @Nullable Replan within(Set<Integer> lost, double limit, SearchControl control) {
        int[] found = jumps == null ? null : jumps.best(lost, spares(lost), limit);
        if (found == null) {
            found = cuts.best(row(lost, true), limit);
        }
        if (found == null) {
            found = cuts.best(row(lost, false), limit);
        }
        if (found == null) {
            Split fresh = fresh(lost, control);
            found = fresh == null ? null : model.graph().deviceOfUnit(fresh.deviceOfNode());
        }
        return found == null || model.value(found) > limit * (1 + 1e-12) ? null : replan(lost, found);
    }

    private Replan replan(Set<Integer> lost, int[] found) {
        int[] after = model.graph().deviceOfNode(found);
        return Replan.of(leafOfNode, after, model.value(found), lost, workload::bytes);
    }

    /// The leaves that are left as their shares follow each other, spares where leaves were lost.
    private List<Integer> row(Set<Integer> lost, boolean withSpares) {
        List<Integer> spares = withSpares ? spares(lost) : List.of();
        List<Integer> row = new ArrayList<>();
        for (int leaf : chain) {
            if (!lost.contains(leaf)) {
                row.add(leaf);
            } else if (!spares.isEmpty()) {
                Integer spare = standIn(leaf, spares);
                row.add(spare);
                spares.remove(spare);
            }
        }
        return row;
    }

    private List<Integer> spares(Set<Integer> lost) {
        List<Integer> spares = new ArrayList<>(idle);
        spares.removeAll(lost);
        return spares;
    }

    /// The spare nearest to a lost leaf, one of its type if possible, else the fastest.
    private Integer standIn(int leaf, List<Integer> spares) {
        return spares.stream()
                .max(Comparator.<Integer>comparingInt(spare -> model.sharedAncestors(leaf, spare))
                        .thenComparing(spare -> model.typeOf(spare) == model.typeOf(leaf))
                        .thenComparingDouble(model::speed)
                        .thenComparing(Comparator.reverseOrder()))
                .orElseThrow();
    }

    /// What a fresh split is worth on the leaves that are left; infinite when there is none.
    public double freshValue(Set<Integer> lost, SearchControl control) {
        boolean[] gone = new boolean[tree.slots().size()];
        lost.forEach(leaf -> gone[leaf] = true);
        String shape = model.shapeWithout(gone);
        Double known = freshValues.get(shape);
        if (known == null) {
            Split fresh = fresh(lost, control);
            known = fresh == null ? Double.POSITIVE_INFINITY : fresh.value();
            if (fresh != null) {
                freshValues.put(shape, known);
            }
        }
        return known;
    }

    /// A fresh split on the leaves that are left, by their numbers in the whole tree.
    private @Nullable Split fresh(Set<Integer> lost, SearchControl control) {
        Set<String> left = new TreeSet<>();
        List<Integer> numbers = new ArrayList<>();
        List<Slot> slots = tree.slots();
        for (int leaf = 0; leaf < slots.size(); leaf++) {
            if (!lost.contains(leaf)) {
                left.add(slots.get(leaf).name());
                numbers.add(leaf);
            }
        }
        if (left.isEmpty()) {
            return null;
        }
        Topology rest = tree.restrictedTo(left);
        Split split = PartitionOutcome.split(TreePartitioner.solve(workload, rest, bytesPerMilli, seed, control));
        if (split == null) {
            return null;
        }
        int[] numbered = split.deviceOfNode();
        for (int node = 0; node < numbered.length; node++) {
            numbered[node] = numbers.get(numbered[node]);
        }
        return new Split(numbered, split.value(), split.lowerBound(), split.boundKind());
    }

    /// The splits after the losses that are likely, such as those of each host, before any happens.
    public Map<Set<Integer>, Replan> precomputed(List<Set<Integer>> likely, double slack, SearchControl control) {
        return Replan.precomputed(likely, lost -> after(lost, slack, control), control);
    }
}
