package dev.pipelinejob.operator.lifecycle;

import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What the lifecycle remembers of a job: the driver keeps it, unread, and hands it back with the next observation.
/// A lost journal is not fatal: what still can be seen is found again, only the budget starts anew.
///
/// @param restarts how often a new attempt followed a failure, ever
/// @param chargedAt when the failures that count against the budget were detected, oldest first
/// @param history the last restarts, oldest first, at most {@link #MAX_HISTORY}
/// @param open the failure that no new attempt has answered yet; null when there is none
/// @param corruptSteps committed steps that a worker could not load
/// @param handledExits the processes whose end has been dealt with, so that none is counted twice
/// @param dataDigest the digest of the data that the job began with; empty until known
/// @param ended how the job ended; null while it goes on
public record Journal(
        int restarts,
        List<Instant> chargedAt,
        List<Restart> history,
        @Nullable Fault open,
        List<Integer> corruptSteps,
        List<HandledExit> handledExits,
        String dataDigest,
        @Nullable Ending ended) {
    public static final int MAX_HISTORY = 10;
    public static final Journal EMPTY = new Journal(0, List.of(), List.of(), null, List.of(), List.of(), "", null);

    public Journal {
        chargedAt = List.copyOf(chargedAt);
        history = List.copyOf(history.subList(Math.max(0, history.size() - MAX_HISTORY), history.size()));
        corruptSteps = List.copyOf(corruptSteps);
        handledExits = List.copyOf(handledExits);
    }

    /// A process whose end has been dealt with.
    ///
    /// @param slot in which slot
    /// @param incarnation in which incarnation of the slot
    /// @param pid which engine process; {@link #WHOLE_WORKER} for the pod or supervisor itself
    public record HandledExit(int slot, int incarnation, long pid) {
        public static final long WHOLE_WORKER = 0;
        /// So many ends of engine processes are remembered of a slot's present incarnation.
        static final int MAX_PER_SLOT = 4;
    }

    /// How the job ended. It never changes again.
    ///
    /// @param complete whether it trained all its steps
    /// @param reason stable word for the condition
    /// @param message in words
    /// @param userError whether the user's input is the cause
    /// @param at when
    public record Ending(boolean complete, String reason, String message, boolean userError, Instant at) {}

    Journal withChargedAt(List<Instant> charged) {
        return new Journal(restarts, charged, history, open, corruptSteps, handledExits, dataDigest, ended);
    }

    Journal withHistory(int count, List<Restart> entries) {
        return new Journal(count, chargedAt, entries, open, corruptSteps, handledExits, dataDigest, ended);
    }

    Journal withOpen(@Nullable Fault fault) {
        return new Journal(restarts, chargedAt, history, fault, corruptSteps, handledExits, dataDigest, ended);
    }

    Journal withCorruptStep(int step) {
        if (corruptSteps.contains(step)) {
            return this;
        }
        List<Integer> steps =
                Stream.concat(corruptSteps.stream(), Stream.of(step)).sorted().toList();
        return new Journal(restarts, chargedAt, history, open, steps, handledExits, dataDigest, ended);
    }

    Journal withDataDigest(String digest) {
        return new Journal(restarts, chargedAt, history, open, corruptSteps, handledExits, digest, ended);
    }

    Journal withEnded(Ending ending) {
        return new Journal(restarts, chargedAt, history, open, corruptSteps, handledExits, dataDigest, ending);
    }

    Journal withHandled(HandledExit exit) {
        if (handledExits.contains(exit)) {
            return this;
        }
        List<HandledExit> others =
                handledExits.stream().filter(each -> each.slot() != exit.slot()).toList();
        List<HandledExit> same = handledExits.stream()
                .filter(each -> each.slot() == exit.slot() && each.incarnation() == exit.incarnation())
                .toList();
        same = same.subList(Math.max(0, same.size() - HandledExit.MAX_PER_SLOT + 1), same.size());
        List<HandledExit> all = Stream.of(others.stream(), same.stream(), Stream.of(exit))
                .flatMap(each -> each)
                .toList();
        return new Journal(restarts, chargedAt, history, open, corruptSteps, all, dataDigest, ended);
    }

    boolean isHandled(int slot, int incarnation, long pid) {
        return handledExits.contains(new HandledExit(slot, incarnation, pid));
    }
}
