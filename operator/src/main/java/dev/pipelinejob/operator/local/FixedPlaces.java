package dev.pipelinejob.operator.local;

import dev.pipelinejob.operator.drive.Places;
import dev.pipelinejob.placement.topology.Slot;
import dev.pipelinejob.placement.topology.Topology;
import java.util.List;

/// The slots of this machine: all of them are the job's, and there will never be others.
///
/// @param known all slots; a slot's number is its place among them
record FixedPlaces(Topology known) implements Places {
    @Override
    public Offer offer() {
        return new Offer.Slots(known);
    }

    @Override
    public List<Integer> take(List<String> places) {
        List<String> names = known.slots().stream().map(Slot::name).toList();
        return places.stream().map(names::indexOf).toList();
    }

    @Override
    public boolean mayGrow() {
        return false;
    }
}
