package dev.pipelinejob.placement.schedule;

import java.util.List;

/// What one worker does, strictly in order.
///
/// @param rank the worker
/// @param step runs in every step
/// @param checkpoint runs after `step` in steps that checkpoint
public record WorkerOperations(int rank, List<Operation> step, List<Operation> checkpoint) {
    public WorkerOperations {
        step = List.copyOf(step);
        checkpoint = List.copyOf(checkpoint);
    }
}
