package dev.pipelinejob.operator.lifecycle;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The places of the proposed plan, as far as workers may be started there now.
final class Places {
    private final List<PlanReference.Place> all;
    private final Map<Integer, String> nodes = new HashMap<>();
    private final Set<Integer> spares = new HashSet<>();
    private final Set<Integer> closed;
    private final Set<String> avoided;

    Places(Observation seen, Journal journal) {
        PlanningState.Proposed proposed = seen.planning() instanceof PlanningState.Proposed there ? there : null;
        this.all = proposed == null ? List.of() : proposed.plan().all();
        this.closed = proposed == null ? Set.of() : new HashSet<>(proposed.closed());
        this.avoided = new HashSet<>(Workers.avoided(seen, journal));
        all.forEach(place -> nodes.put(place.slot(), place.node()));
        if (proposed != null) {
            proposed.plan().spares().forEach(place -> spares.add(place.slot()));
        }
    }

    /// Every place: the ranks', then the spares'.
    List<PlanReference.Place> all() {
        return all;
    }

    /// Whether the plan has a place for a slot at all.
    boolean has(int slot) {
        return nodes.containsKey(slot);
    }

    /// Whether a slot's worker is to stand by, and has no rank.
    boolean isSpare(int slot) {
        return spares.contains(slot);
    }

    /// Whether a worker may be started for a slot where the plan wants it.
    boolean isOpen(int slot) {
        return has(slot) && !closed.contains(slot) && !avoided.contains(node(slot));
    }

    /// The node that the plan gives to a slot.
    String node(int slot) {
        return nodes.getOrDefault(slot, Presence.NO_NODE);
    }
}
