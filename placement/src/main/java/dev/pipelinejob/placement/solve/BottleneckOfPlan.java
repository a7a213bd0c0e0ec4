package dev.pipelinejob.placement.solve;

import dev.pipelinejob.placement.plan.Plan;
import dev.pipelinejob.placement.plan.Stage;
import dev.pipelinejob.placement.topology.Domain;
import dev.pipelinejob.placement.topology.Topology;

/// The bottleneck of a plan that has one stage a slot, computed from the plan and not from the search.
final class BottleneckOfPlan {
    private BottleneckOfPlan() {}

    static double micros(PlaceCosts costs, Topology topology, Plan plan) {
        double bottleneckMicros = 0;
        for (Stage stage : plan.stages()) {
            String slot = plan.slots().get(stage.rank());
            double stageMicros = costs.micros(topology.slot(slot), stage.firstLayer(), stage.endLayer());
            bottleneckMicros = Math.max(bottleneckMicros, stageMicros);
        }
        for (Domain domain : topology.domains()) {
            int first = Integer.MAX_VALUE;
            int end = -1;
            for (Stage stage : plan.stages()) {
                String slot = plan.slots().get(stage.rank());
                if (topology.ancestors(slot).contains(domain)) {
                    first = Math.min(first, stage.firstLayer());
                    end = Math.max(end, stage.endLayer());
                }
            }
            if (end >= 0) {
                bottleneckMicros = Math.max(bottleneckMicros, costs.micros(domain, first, end));
            }
        }
        return bottleneckMicros;
    }
}
