package dev.pipelinejob.operator.lifecycle;

import java.time.Instant;
import java.util.List;

/// One thing to do. Carrying out the same decision twice does no harm: the driver looks first.
public sealed interface Decision {
    /// Ask planning for a plan, off this thread. A plan that is already there stays the proposed one meanwhile.
    ///
    /// @param reason why, for the log
    /// @param keep the slots whose workers are sound: the plan has to use them where they are before any free place
    /// @param avoidNodes the nodes that must not get a new worker, sorted
    record Plan(String reason, List<Integer> keep, List<String> avoidNodes) implements Decision {
        public Plan {
            keep = List.copyOf(keep);
            avoidNodes = List.copyOf(avoidNodes);
        }
    }

    /// Start the pod or supervisor process of a slot that has none.
    ///
    /// @param slot which
    /// @param incarnation its number, one above the last
    /// @param node where; {@link Presence#NO_NODE} when the driver knows no nodes
    record StartSlot(int slot, int incarnation, String node) implements Decision {}

    /// Start the next incarnation of a slot and make sure that nothing of the last one goes on.
    ///
    /// @param slot which
    /// @param incarnation the new one's number
    /// @param node where; {@link Presence#NO_NODE} when the driver knows no nodes
    /// @param reason why
    record ReplaceSlot(int slot, int incarnation, String node, String reason) implements Decision {}

    /// Remove the pod of an incarnation without waiting for its node, which is lost. What may still run there is
    /// fenced by its attempt.
    ///
    /// @param slot which
    /// @param incarnation the one that was replaced or released
    /// @param reason why
    record ForceDelete(int slot, int incarnation, String reason) implements Decision {}

    /// Create the attempt's record, exclusively. If one with this number is there, read that instead.
    ///
    /// @param number the attempt
    /// @param resumeStep the committed step to start from; 0 = from the seed
    /// @param plan the plan to follow, with the places that its ranks really have
    /// @param seats by rank
    /// @param dataDigest what the data must hash to; empty when nobody knows yet
    record ClaimAttempt(int number, int resumeStep, PlanReference plan, List<Seat> seats, String dataDigest)
            implements Decision {
        public ClaimAttempt {
            seats = List.copyOf(seats);
        }
    }

    /// Send `Prepare` of a claimed attempt to one slot.
    record Prepare(int attempt, int slot, int rank) implements Decision {}

    /// Send `Start` of a claimed attempt to one slot.
    record StartTraining(int attempt, int slot) implements Decision {}

    /// Send `Abort` of an attempt to one slot.
    record AbortAttempt(int attempt, int slot, String reason) implements Decision {}

    /// Send `Pause` of an attempt to one slot: all its workers write a checkpoint after the same step and end there.
    record PauseAttempt(int attempt, int slot, String reason) implements Decision {}

    /// Have the supervisor of a slot kill its engine process and start another.
    ///
    /// @param slot which
    /// @param pid the engine process that is meant
    /// @param reason why
    record KillEngine(int slot, long pid, String reason) implements Decision {}

    /// End supervisor and engine of a slot, for good or until it is started again.
    ///
    /// @param slot which
    /// @param incarnation the last one that is meant; a newer one, which another operator may have started, stays
    record ReleaseSlot(int slot, int incarnation, String reason) implements Decision {}

    /// The job trained all its steps.
    ///
    /// @param step the step of the final manifest
    record Complete(int step) implements Decision {}

    /// The job cannot go on.
    ///
    /// @param reason stable word for the condition
    /// @param message what happened and what would help
    /// @param userError whether the user's input is the cause
    record Fail(String reason, String message, boolean userError) implements Decision {}

    /// The job ended so long ago that it is to be deleted.
    record DeleteJob(String reason) implements Decision {}

    /// Decide again at `instant` at the latest, or as soon as anything changes.
    record WaitUntil(Instant instant, String why) implements Decision {}
}
