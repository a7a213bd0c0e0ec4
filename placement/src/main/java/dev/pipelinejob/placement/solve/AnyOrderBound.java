package dev.pipelinejob.placement.solve;

import dev.pipelinejob.placement.topology.Domain;
import dev.pipelinejob.placement.topology.Slot;
import dev.pipelinejob.placement.topology.Topology;
import java.util.List;

/// A bottleneck that no order of stages on slots can beat: as if every slot were as good as the best, all under one
/// domain without uplinks, and shared cores shared by all.
final class AnyOrderBound {
    private AnyOrderBound() {}

    static double micros(PlaceCosts costs, Topology topology, int[] cuts, int stages, WorkMeter meter) {
        List<Slot> slots = topology.slots();
        Slot best = new Slot(
                "best",
                slots.stream().mapToDouble(Slot::portBytesPerSecond).max().orElseThrow(),
                0,
                slots.stream().mapToLong(Slot::memoryBytes).max().orElseThrow(),
                slots.stream().mapToDouble(Slot::relativeSpeed).max().orElseThrow());
        Domain relaxed = new Domain(
                "relaxed",
                "none",
                Double.POSITIVE_INFINITY,
                0,
                sharedCores(topology),
                Topology.flat(slots.size(), best).root().children());
        Objective objective = new Objective.Bottleneck(costs);
        double[] bound = new ChainSearch(new Topology(relaxed), cuts, StageLimits.exactly(stages), objective, meter)
                .bestByStages();
        return meter.isExhausted() ? 0 : bound[stages];
    }

    /// All cores together, or 0 when some slot has its own.
    private static int sharedCores(Topology topology) {
        boolean allShare = topology.slots().stream().allMatch(slot -> topology.ancestors(slot.name()).stream()
                .anyMatch(domain -> domain.computeCores() > 0));
        return allShare
                ? topology.domains().stream().mapToInt(Domain::computeCores).sum()
                : 0;
    }
}
