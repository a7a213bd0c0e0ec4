package dev.pipelinejob.operator.lifecycle;

/// Why an attempt ended before its last step: the reason in the history, stable and documented. When several are
/// found at once, the first in this order is named.
public enum Cause {
    /// The kernel ended an engine process or a pod for its memory.
    OUT_OF_MEMORY("OutOfMemory"),
    /// An engine process ended.
    ENGINE_EXITED("EngineExited"),
    /// The cluster calls its node lost, and nothing is heard of it.
    NODE_LOST("NodeLost"),
    /// A supervisor process or pod ended, or closed its connection.
    WORKER_EXITED("WorkerExited"),
    /// The infrastructure, or somebody, took the pod away.
    WORKER_EVICTED("WorkerEvicted"),
    /// Silent, and its neighbours' edges to it are dead.
    SLOT_LOST("SlotLost"),
    /// It did not come up in time.
    NOT_READY("NotReady"),
    /// Its node has no room for it.
    UNSCHEDULABLE("Unschedulable"),
    /// It did not answer `Prepare` in time.
    PREPARE_TIMED_OUT("PrepareTimedOut"),
    /// No step was completed for too long.
    PROGRESS_STALLED("ProgressStalled"),
    /// A part of the checkpoint to resume from is not what its manifest says.
    CHECKPOINT_CORRUPT("CheckpointCorrupt"),
    /// The checkpoint store has no room.
    STORE_FULL("StoreFull"),
    /// The checkpoint store failed.
    STORE_ERROR("StoreError"),
    /// A worker confirmed another plan than it was sent, or knows a newer attempt.
    ATTEMPT_FENCED("AttemptFenced"),
    /// A tensor stream broke and nobody is known to have died.
    EDGE_LOST("EdgeLost"),
    /// A worker could not go on.
    WORKER_FAILED("WorkerFailed"),
    /// Every worker was stopped together with the operator.
    JOB_STOPPED("JobStopped"),
    /// The job was suspended and resumed.
    SUSPENDED("Suspended");

    private final String word;

    Cause(String word) {
        this.word = word;
    }

    /// As it stands in the status.
    public String word() {
        return word;
    }
}
