package dev.pipelinejob.operator.lifecycle;

import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// All that is known of a job at one moment; what the driver has read, and nothing that it thinks.
///
/// @param job of its spec
/// @param attempts claimed attempts, newest last; the newest is enough
/// @param slots in the order of their numbers
/// @param leftovers workers that were replaced or released and have not ended yet
/// @param lostNodes the nodes of this job's workers that the cluster calls lost; empty where there are none
/// @param planning how far planning is
/// @param inventory what is in the store; null until a worker has looked
/// @param reachedStep the highest step that was ever seen completed
/// @param journal as the last round left it
public record Observation(
        JobFacts job,
        List<ClaimedAttempt> attempts,
        List<SlotView> slots,
        List<Leftover> leftovers,
        List<LostNode> lostNodes,
        PlanningState planning,
        @Nullable Inventory inventory,
        int reachedStep,
        Journal journal) {
    public Observation {
        attempts = attempts.stream()
                .sorted(Comparator.comparingInt(ClaimedAttempt::number))
                .toList();
        slots = slots.stream().sorted(Comparator.comparingInt(SlotView::slot)).toList();
        leftovers = leftovers.stream()
                .sorted(Comparator.comparingInt(Leftover::slot).thenComparingInt(Leftover::incarnation))
                .toList();
        lostNodes =
                lostNodes.stream().sorted(Comparator.comparing(LostNode::name)).toList();
    }

    /// The newest claimed attempt; null before the first.
    public @Nullable ClaimedAttempt newestAttempt() {
        return attempts.isEmpty() ? null : attempts.getLast();
    }

    /// Why the cluster calls a node lost; null when it does not.
    @Nullable
    LostNode lost(String node) {
        return lostNodes.stream()
                .filter(each -> each.name().equals(node))
                .findFirst()
                .orElse(null);
    }

    /// What is known of a slot; a slot that nobody mentions was never started.
    public SlotView slot(int number) {
        int low = 0;
        int high = slots.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            SlotView view = slots.get(middle);
            if (view.slot() == number) {
                return view;
            }
            if (view.slot() < number) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return SlotView.absent(number);
    }
}
