package dev.pipelinejob.worker.schedule;

/// One entry of a worker's list.
///
/// @param kind what to do
/// @param stage index of the stage that it concerns; {@link #NONE} = all stages of this worker
/// @param microBatch index within the step, or {@link #NONE}
/// @param peer rank at the other end, or {@link #NONE}
/// @param rematerialize FORWARD: keep only the stage's input and run the forward again in BACKWARD
/// @param bytes predicted payload
public record Operation(OperationKind kind, int stage, int microBatch, int peer, boolean rematerialize, long bytes) {
    /// In a field that does not apply.
    public static final int NONE = -1;

    @Override
    public String toString() {
        return kind + "(stage " + stage + ", micro-batch " + microBatch + ", peer " + peer + ")";
    }
}
