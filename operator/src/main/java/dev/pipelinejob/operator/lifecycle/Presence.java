package dev.pipelinejob.operator.lifecycle;

import java.time.Instant;

/// What is known of a slot's pod, or of its supervisor process.
public sealed interface Presence {
    /// Never started, or shut down on request.
    record Absent() implements Presence {}

    /// Asked for, but not seen running yet.
    ///
    /// @param incarnation the n-th of this slot, from 1
    /// @param since when it was asked for
    record Starting(int incarnation, Instant since) implements Presence {}

    /// It runs.
    ///
    /// @param incarnation the n-th of this slot, from 1
    /// @param since when it was seen running first
    record Up(int incarnation, Instant since) implements Presence {}

    /// It ended.
    ///
    /// @param incarnation the n-th of this slot, from 1
    /// @param exitCode its exit code; 128 + signal when a signal ended it
    /// @param signal the signal that ended it; 0 when none did
    /// @param reason in words, for the history
    /// @param disruption whether the infrastructure took it away (eviction, preemption, node shutdown), so that the
    ///     user's restart budget is not charged
    record Gone(int incarnation, int exitCode, int signal, String reason, boolean disruption) implements Presence {}
}
