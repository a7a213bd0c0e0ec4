package dev.pipelinejob.placement.solve;

import dev.pipelinejob.placement.plan.Plan;
import dev.pipelinejob.placement.plan.Stage;
import dev.pipelinejob.placement.topology.Domain;
import dev.pipelinejob.placement.topology.Topology;
import java.util.HashMap;
import java.util.Map;

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
        Map<String, Span> spans = new HashMap<>();
        for (Stage stage : plan.stages()) {
            Span own = new Span(stage.firstLayer(), stage.endLayer());
            for (Domain domain : topology.ancestors(plan.slots().get(stage.rank()))) {
                spans.merge(domain.name(), own, Span::and);
            }
        }
        for (Domain domain : topology.domains()) {
            Span held = spans.get(domain.name());
            if (held != null) {
                bottleneckMicros = Math.max(bottleneckMicros, costs.micros(domain, held.first(), held.end()));
            }
        }
        return bottleneckMicros;
    }

    /// Layers `[first, end)`.
    private record Span(int first, int end) {
        Span and(Span other) {
            return new Span(Math.min(first, other.first), Math.max(end, other.end));
        }
    }
}
