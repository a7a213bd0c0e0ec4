package dev.pipelinejob.operator.local;

/// How a run ended.
public sealed interface RunOutcome {
    /// All steps are done, and the model is in its file.
    record Completed(int step) implements RunOutcome {}

    /// The job cannot go on.
    ///
    /// @param message what happened and what would help
    /// @param userError whether the user's input is the cause
    record Failed(String message, boolean userError) implements RunOutcome {}

    /// It was asked to stop; the same command goes on from the last checkpoint.
    record Stopped(int step) implements RunOutcome {}
}
