package dev.pipelinejob.operator.planning;

import dev.pipelinejob.placement.simulate.Crossing;
import java.util.List;
import java.util.Objects;

/// What is promised of a plan, for the status and for the record of an attempt.
///
/// @param predictedStepMicros the simulated time of a step when steps follow each other
/// @param lowerBoundMicros no plan of the bound's kind has a shorter step
/// @param gapPercent how far the plan's bottleneck may be above the best one
/// @param boundKind for which plans the bound holds
/// @param profiled whether the costs were measured; estimated otherwise
/// @param solveMillis how long the search took
/// @param crossings what a step sends over the links of each level, coarse to fine
public record PlanFigures(
        double predictedStepMicros,
        double lowerBoundMicros,
        double gapPercent,
        String boundKind,
        boolean profiled,
        long solveMillis,
        List<Crossing> crossings) {
    public PlanFigures {
        // A record that was written before they were counted has none.
        crossings = List.copyOf(Objects.requireNonNullElse(crossings, List.of()));
    }
}
