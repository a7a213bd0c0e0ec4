package dev.pipelinejob.operator.lifecycle;

import java.time.Instant;

/// What a slot's supervisor says of its engine process.
public sealed interface EngineState {
    /// None is up: not started yet, or ended and not replaced yet.
    ///
    /// @param since when that was seen first
    record Down(Instant since) implements EngineState {}

    /// It can take a `Prepare`.
    ///
    /// @param pid its process id as the supervisor sees it
    /// @param address host:port of its tensor server
    /// @param numericsFingerprint what its numbers depend on
    /// @param standbyReady whether a pre-initialised engine waits beside it
    /// @param answers whether it answered its supervisor lately; when not, it is stopped or starved
    record Up(long pid, String address, String numericsFingerprint, boolean standbyReady, boolean answers)
            implements EngineState {}
}
