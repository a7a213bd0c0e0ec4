package dev.pipelinejob.placement.solve;

import dev.pipelinejob.placement.cost.PeakMemory;
import dev.pipelinejob.placement.cost.StageCosts;
import dev.pipelinejob.placement.graph.ModelGraph;
import dev.pipelinejob.placement.plan.ScheduleKind;
import dev.pipelinejob.placement.topology.Domain;
import dev.pipelinejob.placement.topology.Node;
import dev.pipelinejob.placement.topology.Slot;

/// What consecutive layers cost in a place: a slot, or a domain that holds all of them.
///
/// In a steady pipeline every micro-batch crosses each cut once as an activation and once, the other way, as a
/// gradient. So a place whose layers have a cut in front and one behind sends both cuts' bytes out and takes both in.
record PlaceCosts(StageCosts costs, PeakMemory memory) {
    PlaceCosts(ModelGraph graph, ScheduleKind schedule, int microBatches, boolean rematerialize) {
        this(new StageCosts(graph), new PeakMemory(schedule, microBatches, rematerialize));
    }

    ModelGraph graph() {
        return costs.graph();
    }

    /// The time between two micro-batches that this place allows.
    double micros(Node place, int first, int end) {
        return switch (place) {
            case Slot slot ->
                Math.max(computeMicros(slot, first, end), linkMicros(slot.portBytesPerSecond(), first, end));
            case Domain domain ->
                Math.max(sharedMicros(domain, first, end), linkMicros(domain.uplinkBytesPerSecond(), first, end));
        };
    }

    double computeMicros(Slot slot, int first, int end) {
        return costs.microBatchMicros(first, end, memory.rematerialize()) / slot.relativeSpeed();
    }

    private double sharedMicros(Domain domain, int first, int end) {
        if (domain.computeCores() == 0) {
            return 0;
        }
        double workMicros = costs.microBatchMicros(first, end, memory.rematerialize()) / speedBelow(domain);
        return workMicros / domain.computeCores();
    }

    /// Slots that share cores have one speed; see Topology.
    private static double speedBelow(Domain domain) {
        return switch (domain.children().getFirst()) {
            case Slot slot -> slot.relativeSpeed();
            case Domain child -> speedBelow(child);
        };
    }

    private double linkMicros(double bytesPerSecond, int first, int end) {
        return (graph().cutBytes(first) + graph().cutBytes(end)) / bytesPerSecond * 1e6;
    }

    /// Memory that a worker with these layers needs at its peak.
    long neededBytes(int first, int end, int stagesToEnd) {
        return memory.stageBytes(costs, first, end, stagesToEnd);
    }

    /// From this distance to the last stage on, the needed memory stays the same.
    int saturatedDistance() {
        return memory.schedule() == ScheduleKind.GPIPE ? 0 : memory.microBatches() - 1;
    }
}
