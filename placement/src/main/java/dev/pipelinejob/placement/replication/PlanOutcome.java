package dev.pipelinejob.placement.replication;

import org.jspecify.annotations.Nullable;

/// What came of a search for replicated stages.
///
/// @param <P> the plan
public sealed interface PlanOutcome<P> {
    /// The plan that came of it, if one did.
    static <P> @Nullable P plan(PlanOutcome<P> outcome) {
        return switch (outcome) {
            case Optimal<P>(P plan) -> plan;
            case Feasible<P>(P plan) -> plan;
            case Infeasible<P> _, OutOfTime<P> _ -> null;
        };
    }

    /// No plan is better, to nine digits.
    record Optimal<P>(P plan) implements PlanOutcome<P> {}

    /// A legal plan with a gap that is not closed.
    record Feasible<P>(P plan) implements PlanOutcome<P> {}

    /// No plan obeys the limits.
    ///
    /// @param reason one sentence: what does not fit where
    record Infeasible<P>(String reason) implements PlanOutcome<P> {}

    /// The time was over before any plan was found.
    record OutOfTime<P>() implements PlanOutcome<P> {}
}
