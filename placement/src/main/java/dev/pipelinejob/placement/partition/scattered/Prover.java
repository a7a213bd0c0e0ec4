package dev.pipelinejob.placement.partition.scattered;

import dev.pipelinejob.placement.partition.SearchControl;
import dev.pipelinejob.placement.partition.UnitGraph;
import org.jspecify.annotations.Nullable;

/// Something that can find better splits of any shape and bound how much better any can be.
public interface Prover {
    /// Proves nothing and finds nothing: for where no solver is at hand.
    Prover NONE = (_, _, lowerBound, _) -> new Finding(null, lowerBound);

    /// What was found.
    ///
    /// @param deviceOfUnit a better split than the known one, or null
    /// @param lowerBound no split of any shape is below
    @SuppressWarnings("ArrayRecordComponent") // passed on at once and never compared
    record Finding(int @Nullable [] deviceOfUnit, double lowerBound) {}

    /// Looks for splits below the value of the known one.
    ///
    /// @param known a split; null when none is known, and then an infinite bound in the answer says that
    ///     there is none
    /// @param lowerBound no split is below
    Finding improve(UnitGraph graph, int @Nullable [] known, double lowerBound, SearchControl control);
}
