package dev.pipelinejob.worker.runtime;

/// Why a checkpoint is written after a step.
enum CheckpointOccasion {
    /// Its turn has come; training goes on, also when it cannot be committed now.
    REGULAR,
    /// Some workers have to leave: nothing follows, so the commit waits for the operator's lease.
    PAUSE,
    /// The job ends with this step: the commit waits for the lease, and the manifest says that it is the last.
    FINAL
}
