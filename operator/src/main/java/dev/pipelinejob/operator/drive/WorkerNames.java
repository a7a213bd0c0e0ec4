package dev.pipelinejob.operator.drive;

import dev.pipelinejob.operator.monitor.WorkerKey;
import dev.pipelinejob.operator.planning.JobTranslation;
import dev.pipelinejob.protocol.identity.SpiffeId;
import org.jspecify.annotations.Nullable;

/// What a job's workers are told about themselves and each other.
public interface WorkerNames {
    /// Who the job is.
    JobTranslation.JobName job();

    /// Where workers find data and store.
    JobTranslation.WorkerPaths paths();

    /// What a worker proves itself with, or null when nobody fills that incarnation.
    SpiffeId.@Nullable Worker identity(WorkerKey worker);

    /// One incarnation of one of the job's slots.
    default WorkerKey worker(int slot, int incarnation) {
        return new WorkerKey(job().uid(), slot, incarnation);
    }
}
