package dev.pipelinejob.placement.partition;

/// What came of a search for a split.
public sealed interface PartitionOutcome {
    /// No split of the bound's kind is better, to nine digits.
    record Optimal(Split split) implements PartitionOutcome {}

    /// A legal split with a gap that is not closed.
    record Feasible(Split split) implements PartitionOutcome {}

    /// No split obeys the limits.
    ///
    /// @param reason one sentence: what does not fit where
    record Infeasible(String reason) implements PartitionOutcome {}

    /// The time was over before any split was found.
    record OutOfTime() implements PartitionOutcome {}
}
