package dev.pipelinejob.operator.lifecycle;

/// How far a worker is with an attempt.
public enum WorkerPhase {
    /// Aborts what ran, loads and verifies.
    PREPARING,
    /// Loaded, verified, waits for the start.
    READY,
    /// Trains.
    RUNNING,
    /// Cannot go on with this attempt; {@link AttemptReport#problem} says why.
    FAILED,
    /// Did all its steps.
    FINISHED,
    /// Ended after a step as it was asked to; the checkpoint of that step stands.
    PAUSED
}
