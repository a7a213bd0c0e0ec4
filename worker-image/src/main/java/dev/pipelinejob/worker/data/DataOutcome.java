package dev.pipelinejob.worker.data;

/// What became of {@link TokenSource#open}.
public sealed interface DataOutcome permits TokenSource, DataOutcome.Refused {
    /// The user must act: trying again will not help.
    ///
    /// @param sentence which data, what is wrong, and the way out
    record Refused(String sentence) implements DataOutcome {}
}
