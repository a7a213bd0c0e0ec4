package dev.pipelinejob.worker.schedule;

/// What a worker can be told to do; named as in `plan.proto`, where the meaning of each stands.
public enum OperationKind {
    RECEIVE_ACTIVATION(Field.REQUIRED, Field.REQUIRED, Field.REQUIRED),
    FORWARD(Field.REQUIRED, Field.REQUIRED, Field.ABSENT),
    SEND_ACTIVATION(Field.REQUIRED, Field.REQUIRED, Field.REQUIRED),
    RECEIVE_GRADIENT(Field.REQUIRED, Field.REQUIRED, Field.REQUIRED),
    BACKWARD(Field.REQUIRED, Field.REQUIRED, Field.ABSENT),
    SEND_GRADIENT(Field.REQUIRED, Field.REQUIRED, Field.REQUIRED),
    SEND_TIED_GRADIENT(Field.OPTIONAL, Field.ABSENT, Field.REQUIRED),
    RECEIVE_TIED_GRADIENT(Field.OPTIONAL, Field.ABSENT, Field.REQUIRED),
    REDUCE_TIED_GRADIENT(Field.OPTIONAL, Field.ABSENT, Field.ABSENT),
    GRADIENT_STATISTICS(Field.OPTIONAL, Field.ABSENT, Field.ABSENT),
    SEND_STATISTICS(Field.OPTIONAL, Field.ABSENT, Field.REQUIRED),
    RECEIVE_STATISTICS(Field.OPTIONAL, Field.ABSENT, Field.REQUIRED),
    CLIP(Field.OPTIONAL, Field.ABSENT, Field.ABSENT),
    SEND_CLIP(Field.OPTIONAL, Field.ABSENT, Field.REQUIRED),
    RECEIVE_CLIP(Field.OPTIONAL, Field.ABSENT, Field.REQUIRED),
    OPTIMIZER_STEP(Field.OPTIONAL, Field.ABSENT, Field.ABSENT),
    RECORD_LOSS(Field.OPTIONAL, Field.ABSENT, Field.ABSENT),
    CHECKPOINT_PART(Field.REQUIRED, Field.ABSENT, Field.ABSENT),
    SEND_PART(Field.REQUIRED, Field.ABSENT, Field.REQUIRED),
    RECEIVE_PART(Field.REQUIRED, Field.ABSENT, Field.REQUIRED),
    COMMIT(Field.OPTIONAL, Field.ABSENT, Field.ABSENT);

    /// Whether a field of an operation must be set, may be set, or must be {@link Operation#NONE}.
    enum Field {
        REQUIRED,
        OPTIONAL,
        ABSENT
    }

    private final Field stage;
    private final Field microBatch;
    private final Field peer;

    OperationKind(Field stage, Field microBatch, Field peer) {
        this.stage = stage;
        this.microBatch = microBatch;
        this.peer = peer;
    }

    Field stage() {
        return stage;
    }

    Field microBatch() {
        return microBatch;
    }

    Field peer() {
        return peer;
    }

    public boolean isReceive() {
        return name().startsWith("RECEIVE_");
    }

    public boolean isSend() {
        return name().startsWith("SEND_");
    }

    /// Whether it belongs to the list that runs after a step, not into the step's own.
    public boolean isCheckpoint() {
        return switch (this) {
            case CHECKPOINT_PART, SEND_PART, RECEIVE_PART, COMMIT -> true;
            default -> false;
        };
    }
}
