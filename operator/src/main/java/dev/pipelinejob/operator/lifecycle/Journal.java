package dev.pipelinejob.operator.lifecycle;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the lifecycle remembers of a job: the driver keeps it, unread, and hands it back with the next observation.
/// A lost journal is not fatal: what still can be seen is found again, only the budget starts anew.
///
/// @param restarts how often a new attempt followed a failure, ever
/// @param chargedAt when the failures that count against the budget were detected, oldest first
/// @param history the last restarts, oldest first, at most {@link #MAX_HISTORY}
/// @param open the failure that no new attempt has answered yet; null when there is none
/// @param corruptSteps committed steps that a worker could not load
/// @param handledExits the engine processes whose end has been dealt with, one a slot
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

    /// An engine process whose end has been dealt with.
    ///
    /// @param slot in which slot
    /// @param incarnation in which incarnation of the slot
    /// @param pid which process
    public record HandledExit(int slot, int incarnation, long pid) {}

    /// How the job ended. It never changes again.
    ///
    /// @param complete whether it trained all its steps
    /// @param reason stable word for the condition
    /// @param message in words
    /// @param userError whether the user's input is the cause
    /// @param at when
    public record Ending(boolean complete, String reason, String message, boolean userError, Instant at) {}
}
