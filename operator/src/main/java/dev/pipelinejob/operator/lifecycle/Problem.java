package dev.pipelinejob.operator.lifecycle;

/// Why a worker does not run an attempt. Its process may be healthy.
public sealed interface Problem {
    /// In words.
    String detail();

    /// A part of the checkpoint to resume from is missing, unreadable or not what its manifest says.
    ///
    /// @param step the step whose checkpoint it is
    /// @param part which part
    /// @param detail in words
    record CorruptCheckpoint(int step, String part, String detail) implements Problem {}

    /// It knows a newer attempt, so this one is over.
    ///
    /// @param newestKnown the attempt that it knows, 0 when it did not say
    /// @param detail in words
    record StaleAttempt(int newestKnown, String detail) implements Problem {}

    /// It got the same attempt with another digest.
    record OtherDigest(String detail) implements Problem {}

    /// It is still busy with the abort; ask again.
    record Busy(String detail) implements Problem {}

    /// The user's model, data or configuration is wrong; trying again will not help.
    record UserError(String detail) implements Problem {}

    /// A consequence: another worker is the cause.
    record PeerLost(String detail) implements Problem {}

    /// The checkpoint store has no room.
    record StoreFull(String detail) implements Problem {}

    /// The checkpoint store failed.
    record StoreError(String detail) implements Problem {}

    /// Anything else.
    record Internal(String detail) implements Problem {}
}
