package dev.pipelinejob.placement.partition.failure;

import dev.pipelinejob.placement.partition.tree.TreeModel;
import dev.pipelinejob.placement.topology.Slot;
import dev.pipelinejob.placement.topology.Topology;
import dev.pipelinejob.placement.workload.Devices;
import dev.pipelinejob.placement.workload.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Plans after a loss on a tree whose leaves are all alike: a leaf that is freed anywhere in the row, because its
/// neighbours take its share over, may stand in for a lost one. So boundaries need not shift all the way to the loss.
///
/// The cut that keeps the most bytes comes from what leaves allow; links above them are judged afterwards, once with
/// stand-ins as near as there are to the share before theirs.
final class JumpingLeaves {
    private static final double MILLIS_PER_SECOND = 1000;
    private static final double MICROS_PER_MILLI = 1000;

    private final TreeModel model;
    private final int leaves;
    private final int[] order;
    private final int[] leafBefore;
    private final CutsThatKeep cuts;

    private JumpingLeaves(TreeModel model, int leaves, int[] order, int[] leafBefore, CutsThatKeep cuts) {
        this.model = model;
        this.leaves = leaves;
        this.order = order.clone();
        this.leafBefore = leafBefore.clone();
        this.cuts = cuts;
    }

    /// Prepares for an order in which the running shares follow each other; null where leaves differ.
    static @Nullable JumpingLeaves of(
            TreeModel model, Workload workload, Topology tree, double bytesPerMilli, int[] order, int[] leafBefore) {
        List<Slot> slots = tree.slots();
        for (int leaf = 1; leaf < slots.size(); leaf++) {
            if (model.typeOf(leaf) != model.typeOf(0)) {
                return null;
            }
        }
        Slot slot = slots.getFirst();
        double perMilli = bytesPerMilli * MILLIS_PER_SECOND / slot.portBytesPerSecond();
        double latency = slot.portLatencyMicros() / MICROS_PER_MILLI;
        Workload priced = workload.on(new Devices(slots.size(), 0, slot.memoryBytes()))
                .withOutputs(cost -> cost * perMilli + latency)
                .withAcceleratorTimes(millis -> millis / slot.relativeSpeed());
        CutsThatKeep cuts = new CutsThatKeep(model.graph().of(priced), order, leafBefore);
        return new JumpingLeaves(model, slots.size(), order, leafBefore, cuts);
    }

    /// Leaf of each unit; null when none was found whose loads and times are at most the limit.
    ///
    /// @param spares leaves that hold nothing and are not lost, ascending
    int @Nullable [] best(Set<Integer> lost, List<Integer> spares, double limit) {
        int[] found = cuts.best(lost, spares, limit);
        if (found == null) {
            return null;
        }
        int[] near = near(found, lost);
        if (model.value(near) <= limit) {
            return near;
        }
        return model.value(found) <= limit ? found : null;
    }

    /// The same shares, where those that keep nothing are on the free leaves nearest to the share before.
    private int[] near(int[] found, Set<Integer> lost) {
        boolean[] keeps = new boolean[leaves];
        for (int unit = 0; unit < found.length; unit++) {
            keeps[found[unit]] |= found[unit] == leafBefore[unit];
        }
        List<Integer> free = new ArrayList<>();
        for (int leaf = 0; leaf < leaves; leaf++) {
            if (!keeps[leaf] && !lost.contains(leaf)) {
                free.add(leaf);
            }
        }
        int[] near = new int[found.length];
        int before = -1;
        for (int position = 0; position < order.length; position++) {
            int unit = order[position];
            boolean begins = position == 0 || found[unit] != found[order[position - 1]];
            if (begins) {
                before = keeps[found[unit]] ? found[unit] : nearest(before < 0 ? found[unit] : before, free);
                free.remove(Integer.valueOf(before));
            }
            near[unit] = before;
        }
        return near;
    }

    private int nearest(int leaf, List<Integer> free) {
        int nearest = free.getFirst();
        for (int candidate : free) {
            if (model.sharedAncestors(leaf, candidate) > model.sharedAncestors(leaf, nearest)) {
                nearest = candidate;
            }
        }
        return nearest;
    }
}
