package dev.pipelinejob.placement.partition;

import org.jspecify.annotations.Nullable;

/// What came of a search for a split.
public sealed interface PartitionOutcome {
    /// The split that came of it, if one did.
    static @Nullable Split split(PartitionOutcome outcome) {
        return switch (outcome) {
            case Optimal(Split split) -> split;
            case Feasible(Split split) -> split;
            case Infeasible _, OutOfTime _ -> null;
        };
    }

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
