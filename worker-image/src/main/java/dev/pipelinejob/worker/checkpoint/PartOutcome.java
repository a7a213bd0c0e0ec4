package dev.pipelinejob.worker.checkpoint;

/// What became of {@link CheckpointStore#writePart}.
public sealed interface PartOutcome permits PartOutcome.PartWritten, Withheld.Superseded, StoreFailure {
    /// The part is durable, but counts for nothing until a manifest names it.
    record PartWritten(Part part) implements PartOutcome {}
}
