package dev.pipelinejob.worker.checkpoint;

/// What became of {@link CheckpointStore#open}.
public sealed interface OpenOutcome permits OpenedCheckpoint, OpenOutcome.Corrupt, OpenOutcome.Absent {
    /// A part, or the manifest itself, is missing, unreadable or not what the manifest says: resume from
    /// an older step.
    ///
    /// @param part file of the part, relative to the step's folder, or `manifest.json`
    /// @param detail what is wrong with it, in one sentence
    record Corrupt(String part, String detail) implements OpenOutcome {}

    /// The step was never committed, or has been collected.
    record Absent() implements OpenOutcome {}
}
