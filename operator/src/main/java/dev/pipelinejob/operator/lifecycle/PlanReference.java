package dev.pipelinejob.operator.lifecycle;

import java.util.List;
import java.util.stream.Stream;

/// A plan by name; what is in it is of no concern here, but for the places that it gives to workers.
///
/// @param digest SHA-256 over the plan and all its operation lists; it does not cover the places
/// @param places the place of each rank
/// @param spares places of workers without a rank, which wait to take over one
public record PlanReference(String digest, List<Place> places, List<Place> spares) {
    public PlanReference {
        places = List.copyOf(places);
        spares = List.copyOf(spares);
        List<Integer> slots =
                Stream.concat(places.stream(), spares.stream()).map(Place::slot).toList();
        if (places.isEmpty() || slots.stream().distinct().count() != slots.size()) {
            throw new IllegalArgumentException(
                    "Plan " + digest + " must name each of its slots once, got " + slots + ".");
        }
    }

    /// A plan where there are no nodes to choose from.
    ///
    /// @param slots the slot of each rank
    public PlanReference(String digest, List<Integer> slots) {
        this(
                digest,
                slots.stream().map(slot -> new Place(slot, Presence.NO_NODE)).toList(),
                List.of());
    }

    /// Where a worker is or will be.
    ///
    /// @param slot the slot's number: of a worker that is there already, or a free number
    /// @param node the node's name; {@link Presence#NO_NODE} when the driver knows no nodes
    public record Place(int slot, String node) {}

    /// Every place: the ranks', then the spares'.
    public List<Place> all() {
        return Stream.concat(places.stream(), spares.stream()).toList();
    }

    /// The slot of each rank.
    public List<Integer> slots() {
        return places.stream().map(Place::slot).toList();
    }
}
