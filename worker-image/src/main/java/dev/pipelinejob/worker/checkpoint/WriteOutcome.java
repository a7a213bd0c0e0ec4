package dev.pipelinejob.worker.checkpoint;

/// What became of a small write that has nothing to hand back.
public sealed interface WriteOutcome permits WriteOutcome.Written, StoreFailure {
    /// It is in the store.
    record Written() implements WriteOutcome {}
}
