package dev.pipelinejob.operator.lifecycle;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The places of the proposed plan, as far as workers may be started there now.
final class Places {
    private final @Nullable PlanReference plan;
    private final List<Integer> closed;
    private final List<String> avoided;

    Places(Observation seen, Journal journal) {
        PlanningState.@Nullable Proposed proposed =
                seen.planning() instanceof PlanningState.Proposed there ? there : null;
        this.plan = proposed == null ? null : proposed.plan();
        this.closed = proposed == null ? List.of() : proposed.closed();
        this.avoided = Workers.avoided(seen, journal);
    }

    /// Every place: the ranks', then the spares'.
    List<PlanReference.Place> all() {
        return plan == null ? List.of() : plan.all();
    }

    /// Whether the plan has a place for a slot at all.
    boolean has(int slot) {
        return all().stream().anyMatch(place -> place.slot() == slot);
    }

    /// Whether a slot's worker is to stand by, and has no rank.
    boolean isSpare(int slot) {
        return plan != null && plan.spares().stream().anyMatch(place -> place.slot() == slot);
    }

    /// Whether a worker may be started for a slot where the plan wants it.
    boolean isOpen(int slot) {
        return has(slot) && !closed.contains(slot) && !avoided.contains(node(slot));
    }

    /// The node that the plan gives to a slot.
    String node(int slot) {
        return all().stream()
                .filter(place -> place.slot() == slot)
                .map(PlanReference.Place::node)
                .findFirst()
                .orElse(Presence.NO_NODE);
    }
}
