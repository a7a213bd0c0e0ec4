package dev.pipelinejob.operator.local;

import dev.pipelinejob.operator.drive.Places;
import dev.pipelinejob.operator.lifecycle.LostNode;
import dev.pipelinejob.operator.lifecycle.PlanReference;
import dev.pipelinejob.operator.lifecycle.Presence;
import dev.pipelinejob.placement.topology.Slot;
import dev.pipelinejob.placement.topology.Topology;
import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The slots of this machine: all of them are the job's, and there will never be others.
///
/// @param topology all slots; a slot's number is its place among them
record FixedPlaces(Topology topology) implements Places {
    @Override
    public Offer offer(Wish wish) {
        return new Offer.Slots(topology, topology.slots().size(), "");
    }

    @Override
    public Topology having(List<String> slots) {
        return topology;
    }

    /// Spares are numbered after all slots that a plan could use: another process costs no other machine.
    @Override
    public Taken take(Wish wish, List<String> slots) {
        List<String> names = topology.slots().stream().map(Slot::name).toList();
        return new Taken(
                places(slots.stream().map(names::indexOf)),
                places(IntStream.range(names.size(), names.size() + wish.spares())
                        .boxed()));
    }

    private static List<PlanReference.Place> places(Stream<Integer> numbers) {
        return numbers.map(number -> new PlanReference.Place(number, Presence.NO_NODE))
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
