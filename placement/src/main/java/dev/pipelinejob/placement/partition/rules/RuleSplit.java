package dev.pipelinejob.placement.partition.rules;

import dev.pipelinejob.placement.partition.Reduction;
import dev.pipelinejob.placement.partition.UnitGraph;
import dev.pipelinejob.placement.workload.InvalidWorkload;
import dev.pipelinejob.placement.workload.Workload;

/// A rule's split of a workload: its units in the planner's own order are the layers.
public final class RuleSplit {
    private RuleSplit() {}

    /// The accelerator of each node; it may be more than the accelerator can hold or do.
    ///
    /// @throws InvalidWorkload when there is no accelerator or the workload is too large for an exact rule
    public static int[] of(Workload workload, CutRule rule) {
        UnitGraph graph = Reduction.reduce(workload);
        int accelerators = graph.accelerators();
        long steps = (long) graph.units() * graph.units() / 2 * accelerators;
        if (accelerators == 0 || (rule != CutRule.GPIPE_SHIPPED && steps > CutRule.MOST_STEPS)) {
            throw new InvalidWorkload("Rule " + rule.word() + " cannot cut " + graph.units() + " units for "
                    + accelerators + " accelerators: it needs at least one accelerator and at most "
                    + CutRule.MOST_STEPS + " steps.");
        }
        double[] work = new double[graph.units()];
        for (int unit = 0; unit < work.length; unit++) {
            work[unit] = graph.work(unit);
        }
        int[] ends = rule.ends(work, accelerators);
        int[] deviceOfUnit = new int[work.length];
        int part = 0;
        for (int unit = 0; unit < work.length; unit++) {
            while (ends[part] <= unit) {
                part++;
            }
            deviceOfUnit[unit] = part;
        }
        return graph.deviceOfNode(deviceOfUnit);
    }
}
