package dev.pipelinejob.worker.runtime;

import dev.pipelinejob.protocol.control.Corrupt;
import dev.pipelinejob.protocol.control.Refused;

/// What became of a {@link Preparation}.
sealed interface PrepareOutcome {
    /// Loaded and connected; `loadMicros` without the wait for peers.
    record IsReady(AttemptContext context, long loadMicros) implements PrepareOutcome {}

    /// The checkpoint to resume from cannot be.
    record IsCorrupt(Corrupt report) implements PrepareOutcome {}

    /// This worker will not run the attempt.
    record IsRefused(Refused report) implements PrepareOutcome {}
}
