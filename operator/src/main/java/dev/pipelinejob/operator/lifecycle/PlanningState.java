package dev.pipelinejob.operator.lifecycle;

/// How far planning is.
public sealed interface PlanningState {
    /// Nobody asked yet.
    record NotAsked() implements PlanningState {}

    /// Asked for the first plan; no answer yet.
    record InProgress() implements PlanningState {}

    /// There is a plan.
    ///
    /// @param plan the newest
    /// @param measurementsWaiting whether workers have measured costs that no plan has been asked for with yet
    record Proposed(PlanReference plan, boolean measurementsWaiting) implements PlanningState {}

    /// The job fits nowhere.
    ///
    /// @param sentence why, and what would help
    record Infeasible(String sentence) implements PlanningState {}
}
