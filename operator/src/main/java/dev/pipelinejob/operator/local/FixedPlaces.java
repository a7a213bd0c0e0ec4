package dev.pipelinejob.operator.local;

import dev.pipelinejob.operator.drive.Places;
import dev.pipelinejob.operator.lifecycle.LostNode;
import dev.pipelinejob.operator.lifecycle.PlanReference;
import dev.pipelinejob.operator.lifecycle.Presence;
import dev.pipelinejob.placement.topology.Slot;
import dev.pipelinejob.placement.topology.Topology;
import java.util.Collection;
import java.util.List;

/// The slots of this machine: all of them are the job's, and there will never be others.
///
/// @param topology all slots; a slot's number is its place among them
record FixedPlaces(Topology topology) implements Places {
    @Override
    public Offer offer(Wish wish) {
        return new Offer.Slots(topology, "");
    }

    @Override
    public Topology having(List<String> slots) {
        return topology;
    }

    @Override
    public List<PlanReference.Place> take(Wish wish, List<String> slots) {
        List<String> names = topology.slots().stream().map(Slot::name).toList();
        return slots.stream()
                .map(slot -> new PlanReference.Place(names.indexOf(slot), Presence.NO_NODE))
                .toList();
    }

    @Override
    public List<Integer> closed(PlanReference plan) {
        return List.of();
    }

    @Override
    public List<LostNode> lost(Collection<String> nodes) {
        return List.of();
    }

    @Override
    public boolean mayGrow() {
        return false;
    }

    @Override
    public boolean haveChanged() {
        return false;
    }
}
