package dev.pipelinejob.worker.checkpoint;

import dev.pipelinejob.protocol.plan.JobSpec;

/// A digest of everything in a job that must not change between its checkpoints: model, optimizer,
/// learning rate
/// schedule, clipping, seed, batch and micro-batches; and the number of steps where the learning rate
/// depends on it.
public final class TrainingFingerprint {
    private TrainingFingerprint() {}

    /// Lower-case hex SHA-256.
    public static String of(JobSpec job) {
        return Pending.answer(job.getName());
    }
}
