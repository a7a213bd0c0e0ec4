package dev.pipelinejob.worker.checkpoint;

/// The store was not touched, because this worker may not change it now.
public sealed interface Withheld extends CommitOutcome, CollectOutcome {
    /// The operator has not renewed the lease; training goes on, and a later step will be committed.
    record LeaseExpired() implements Withheld {}

    /// A newer attempt has begun on this store.
    record Superseded(int newerAttempt) implements Withheld, PartOutcome {}
}
