package dev.pipelinejob.worker.checkpoint;

/// What became of {@link CheckpointStore#commit}.
public sealed interface CommitOutcome
        permits CommitOutcome.Committed, CommitOutcome.AlreadyCommitted, Withheld, StoreFailure {
    /// The step is a checkpoint now.
    record Committed(Manifest manifest) implements CommitOutcome {}

    /// An earlier attempt committed this step first; its checkpoint stands and is as good.
    record AlreadyCommitted(Manifest manifest) implements CommitOutcome {}
}
