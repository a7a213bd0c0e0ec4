package dev.pipelinejob.placement.partition.failure;

import dev.pipelinejob.placement.partition.OrderValue;
import dev.pipelinejob.placement.partition.Reduction;
import dev.pipelinejob.placement.partition.Reordering;
import dev.pipelinejob.placement.partition.SearchControl;
import dev.pipelinejob.placement.partition.UnitGraph;
import dev.pipelinejob.placement.workload.Devices;
import dev.pipelinejob.placement.workload.InvalidWorkload;
import dev.pipelinejob.placement.workload.Workload;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Answers the loss of devices for one split that is running, on accelerators that are all alike; those that hold
/// nothing are spares.
///
/// The order in which the shares follow each other stays; boundaries shift. Among all cuts of that order whose loads
/// are within a slack of a fresh split's, the one that keeps the most bytes where they are is found exactly.
public final class Replanner {
    private final Workload workload;
    private final UnitGraph graph;
    private final int[] deviceOfNode;
    private final int[] deviceOfUnit;
    private final int[] order;
    private final CutsThatKeep cuts;
    /// What a fresh split of the order is worth, by the number of devices that are left.
    private final Map<Integer, Double> freshValues = new HashMap<>();

    /// Prepares for losses.
    ///
    /// @param deviceOfNode the split that is running: contiguous and legal
    /// @param seed chooses the order inside shares
    /// @throws InvalidWorkload when the workload may use CPUs, which are not alike
    public Replanner(Workload workload, int[] deviceOfNode, long seed) {
        if (workload.devices().cpus() > 0) {
            throw new InvalidWorkload("Plans after a loss are for accelerators only: use 0 CPUs, not "
                    + workload.devices().cpus() + ".");
        }
        this.workload = workload;
        this.graph = Reduction.reduce(workload);
        this.deviceOfNode = deviceOfNode.clone();
        this.deviceOfUnit = graph.deviceOfUnit(deviceOfNode);
        this.order = new Reordering(graph, seed).next(deviceOfUnit);
        this.cuts = new CutsThatKeep(graph, order, deviceOfUnit);
    }

    /// How many units the planner sees.
    public int units() {
        return graph.units();
    }

    /// The split after a loss; null when no cut of the order fits the devices that are left.
    ///
    /// @param lost the devices that are gone
    /// @param slack how far above a fresh split's value the new one may be, such as 0.05
    public @Nullable Replan after(Set<Integer> lost, double slack, SearchControl control) {
        int left = graph.accelerators() - lost.size();
        double fresh = left == 0 ? Double.POSITIVE_INFINITY : freshValue(left, control);
        return Double.isInfinite(fresh) ? null : within(lost, fresh * (1 + slack));
    }

    /// The split after a loss that is worth at most a value and keeps the most bytes; null when there is none.
    public @Nullable Replan within(Set<Integer> lost, double limit) {
        List<Integer> free = new ArrayList<>();
        boolean[] used = new boolean[graph.accelerators()];
        Arrays.stream(deviceOfUnit).forEach(device -> used[device] = true);
        for (int device = 0; device < used.length; device++) {
            if (!used[device] && !lost.contains(device)) {
                free.add(device);
            }
        }
        int[] found = cuts.best(lost, free, limit);
        if (found == null) {
            return null;
        }
        int[] after = graph.deviceOfNode(found);
        return Replan.of(deviceOfNode, after, graph.value(found), lost, workload::bytes);
    }

    /// What a fresh split of the order is worth on so many devices; infinite when there is none.
    public double freshValue(int devices, SearchControl control) {
        Double known = freshValues.get(devices);
        if (known == null) {
            Devices fewer = new Devices(devices, 0, workload.devices().memoryBytes());
            known = OrderValue.best(graph.of(workload.on(fewer)), order, control);
            if (!Double.isInfinite(known)) {
                freshValues.put(devices, known);
            }
        }
        return known;
    }

    /// The splits after the losses that are likely, such as those of each host, before any happens.
    public Map<Set<Integer>, Replan> precomputed(List<Set<Integer>> likely, double slack, SearchControl control) {
        return Replan.precomputed(likely, lost -> after(lost, slack, control), control);
    }
}
