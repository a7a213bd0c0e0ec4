package dev.pipelinejob.placement.solve;

/// Finds a plan for a problem.
@SuppressWarnings("DoNotCallSuggester")
public final class Planner {
    private Planner() {}

    /// The best plan, the best so far, or why there is none; equal problems give equal outcomes unless time ran out.
    public static Outcome solve(PlacementProblem problem, SearchLimit limit) {
        throw new UnsupportedOperationException("not built yet");
    }
}
