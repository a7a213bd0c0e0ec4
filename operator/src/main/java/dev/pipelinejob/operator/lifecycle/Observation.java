package dev.pipelinejob.operator.lifecycle;

import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// All that is known of a job at one moment; what the driver has read, and nothing that it thinks.
///
/// @param job of its spec
/// @param attempts claimed attempts, newest last; the newest is enough
/// @param slots in the order of their numbers
/// @param planning how far planning is
/// @param inventory what is in the store; null until a worker has looked
/// @param reachedStep the highest step that was ever seen completed
/// @param journal as the last round left it
public record Observation(
        JobFacts job,
        List<ClaimedAttempt> attempts,
        List<SlotView> slots,
        PlanningState planning,
        @Nullable Inventory inventory,
        int reachedStep,
        Journal journal) {
    public Observation {
        attempts = attempts.stream()
                .sorted(Comparator.comparingInt(ClaimedAttempt::number))
                .toList();
        slots = slots.stream().sorted(Comparator.comparingInt(SlotView::slot)).toList();
    }

    /// The newest claimed attempt; null before the first.
    public @Nullable ClaimedAttempt newestAttempt() {
        return attempts.isEmpty() ? null : attempts.getLast();
    }

    /// What is known of a slot; a slot that nobody mentions was never started.
    public SlotView slot(int number) {
        for (SlotView view : slots) {
            if (view.slot() == number) {
                return view;
            }
        }
        return SlotView.absent(number);
    }
}
