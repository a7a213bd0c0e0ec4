package dev.pipelinejob.operator.planning;

/// What a worker measured for one stage of the plan in use, one micro-batch, compute only.
///
/// @param stage the stage's index
/// @param forwardMicros its forward
/// @param backwardMicros its backward, with the forward's re-run where it is re-materialized
public record StageMeasurement(int stage, long forwardMicros, long backwardMicros) {}
