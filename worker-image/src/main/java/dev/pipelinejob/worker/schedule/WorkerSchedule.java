package dev.pipelinejob.worker.schedule;

import java.util.List;

/// What one worker runs, checked: `step` in every step, `checkpoint` after those that checkpoint.
///
/// @param layout who holds which stage
/// @param microBatches micro-batches a step
/// @param step in this order, strictly
/// @param checkpoint in this order, strictly
public record WorkerSchedule(StageLayout layout, int microBatches, List<Operation> step, List<Operation> checkpoint)
        implements ScheduleOutcome {
    public WorkerSchedule {
        step = List.copyOf(step);
        checkpoint = List.copyOf(checkpoint);
    }
}
