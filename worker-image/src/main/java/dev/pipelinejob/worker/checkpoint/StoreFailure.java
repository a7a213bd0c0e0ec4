package dev.pipelinejob.worker.checkpoint;

/// The store could not be written; nothing that was committed before is lost.
public sealed interface StoreFailure extends WriteOutcome, PartOutcome, CommitOutcome, CollectOutcome {
    /// What happened, with path and way out, in one sentence.
    String sentence();

    /// No space or no quota is left.
    record StoreFull(String sentence) implements StoreFailure {}

    /// Read-only, no permission, gone, or broken.
    record StoreError(String sentence) implements StoreFailure {}
}
