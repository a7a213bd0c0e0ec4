package dev.pipelinejob.placement.schedule;

/// One entry of a worker's list, field by field the `Operation` of `plan.proto`.
///
/// @param kind what to do
/// @param stage see [OperationKind]; [#NONE] where it does not apply
/// @param microBatch see [OperationKind]; [#NONE] where it does not apply
/// @param peer the other worker of a send or receive, else [#NONE]
/// @param rematerialize FORWARD: keep only the input; BACKWARD: run the forward again first
/// @param bytes predicted payload of a send or receive; 0 where nothing moves or the size is not predicted (parts)
public record Operation(OperationKind kind, int stage, int microBatch, int peer, boolean rematerialize, long bytes) {
    /// In a field that does not apply.
    public static final int NONE = -1;

    static Operation local(OperationKind kind, int stage) {
        return new Operation(kind, stage, NONE, NONE, false, 0);
    }

    static Operation compute(OperationKind kind, int stage, int microBatch, boolean rematerialize) {
        return new Operation(kind, stage, microBatch, NONE, rematerialize, 0);
    }

    static Operation message(OperationKind kind, int stage, int microBatch, int peer, long bytes) {
        return new Operation(kind, stage, microBatch, peer, false, bytes);
    }
}
