package dev.pipelinejob.operator.lifecycle;

import java.util.List;

/// A plan by name; what is in it is of no concern here.
///
/// @param digest SHA-256 over the plan and all its operation lists
/// @param slots the slot of each rank
public record PlanReference(String digest, List<Integer> slots) {
    public PlanReference {
        slots = List.copyOf(slots);
        if (slots.isEmpty() || slots.stream().distinct().count() != slots.size()) {
            throw new IllegalArgumentException(
                    "Plan " + digest + " must name each of its slots once, got " + slots + ".");
        }
    }
}
