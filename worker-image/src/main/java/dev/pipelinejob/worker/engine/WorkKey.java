package dev.pipelinejob.worker.engine;

/// One micro-batch at one stage in one step.
///
/// @param stage index of the stage in the plan
/// @param step number of the optimizer step, from 1
/// @param microBatch index within the step, from 0
public record WorkKey(int stage, int step, int microBatch) {}
