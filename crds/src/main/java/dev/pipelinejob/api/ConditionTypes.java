package dev.pipelinejob.api;

/// The types of the conditions in statuses: of a job's, and last of a topology's.
public final class ConditionTypes {
    /// The job is held: its workers have written a checkpoint and were let go.
    public static final String SUSPENDED = "Suspended";
    /// The planner found a placement.
    public static final String PLACED = "Placed";
    /// Every planned worker is up and has prepared the current attempt.
    public static final String PODS_READY = "PodsReady";
    /// Steps are being completed.
    public static final String PROGRESSING = "Progressing";
    /// A failure was seen and the next attempt has not completed a step yet.
    public static final String RESTARTING = "Restarting";
    /// Every engine so far was of one kind, so that the losses are those of an undisturbed run, bit for bit.
    public static final String TRAJECTORY_EXACT = "TrajectoryExact";
    /// The last step is committed.
    public static final String COMPLETE = "Complete";
    /// The job stopped for good; its reason says why.
    public static final String FAILED = "Failed";

    /// Plans can be made over the topology as it is described; its reason says what is wrong.
    public static final String READY = "Ready";
    /// Every node with a device of the topology carries the labels of all levels.
    public static final String NODES_MATCHED = "NodesMatched";

    private ConditionTypes() {}
}
