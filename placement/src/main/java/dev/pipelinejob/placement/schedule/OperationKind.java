package dev.pipelinejob.placement.schedule;

/// What a worker can be told to do; the names are those of `OperationKind` in `plan.proto`.
///
/// Messages are matched by sender, receiver, what is sent, stage and micro-batch, so a list may hold many of a kind:
/// * activations and gradients go between a stage and its neighbour, one a micro-batch;
/// * tied gradients go between two workers that use the same tied parameters: one operation a pair and direction, for
///   the sender's accumulators of all shared groups in layer order; stage and micro-batch are -1;
/// * statistics and the clip coefficient go between every worker and rank 0; stage and micro-batch are -1;
/// * a part's entry of the manifest goes to rank 0; its stage is the one that the part is of, on both sides.
public enum OperationKind {
    /// Waits for the input of `stage` (own) from `peer`.
    RECEIVE_ACTIVATION,
    /// Runs `stage` forward; the last stage computes the loss too.
    FORWARD,
    /// Sends the output of `stage` (own) to `peer`.
    SEND_ACTIVATION,
    /// Waits for the gradient of the output of `stage` (own) from `peer`.
    RECEIVE_GRADIENT,
    /// Runs `stage` backward and adds to its gradient accumulators.
    BACKWARD,
    /// Sends the gradient of the input of `stage` (own) to `peer`.
    SEND_GRADIENT,
    /// Sends this worker's accumulators of the tied parameters that `peer` uses too.
    SEND_TIED_GRADIENT,
    /// Waits for the accumulators of `peer`.
    RECEIVE_TIED_GRADIENT,
    /// Adds all uses' accumulators in layer order.
    REDUCE_TIED_GRADIENT,
    /// One fp64 sum of squares a parameter of this worker; a tied one counts with its first use only.
    GRADIENT_STATISTICS,
    /// Sends them to rank 0.
    SEND_STATISTICS,
    /// Rank 0 waits for those of `peer`.
    RECEIVE_STATISTICS,
    /// Rank 0 combines them in layer order into the clip coefficient and the skip flag.
    CLIP,
    /// Rank 0 sends coefficient and flag to `peer`.
    SEND_CLIP,
    /// Waits for coefficient and flag from rank 0.
    RECEIVE_CLIP,
    /// Updates all parameters of this worker.
    OPTIMIZER_STEP,
    /// The last stage's worker appends the step's loss to its segment.
    RECORD_LOSS,
    /// Writes the checkpoint part of `stage`.
    CHECKPOINT_PART,
    /// Sends the entry of the part of `stage` to rank 0.
    SEND_PART,
    /// Rank 0 waits for the entry of the part of `stage`, which `peer` holds.
    RECEIVE_PART,
    /// Rank 0 creates the manifest.
    COMMIT;

    /// Whether the operation waits for a message.
    public boolean isReceive() {
        return switch (this) {
            case RECEIVE_ACTIVATION,
                    RECEIVE_GRADIENT,
                    RECEIVE_TIED_GRADIENT,
                    RECEIVE_STATISTICS,
                    RECEIVE_CLIP,
                    RECEIVE_PART -> true;
            default -> false;
        };
    }

    /// Whether the operation hands a message to the network and goes on.
    public boolean isSend() {
        return switch (this) {
            case SEND_ACTIVATION, SEND_GRADIENT, SEND_TIED_GRADIENT, SEND_STATISTICS, SEND_CLIP, SEND_PART -> true;
            default -> false;
        };
    }

    /// The send that a receive waits for.
    public OperationKind counterpart() {
        return switch (this) {
            case RECEIVE_ACTIVATION -> SEND_ACTIVATION;
            case RECEIVE_GRADIENT -> SEND_GRADIENT;
            case RECEIVE_TIED_GRADIENT -> SEND_TIED_GRADIENT;
            case RECEIVE_STATISTICS -> SEND_STATISTICS;
            case RECEIVE_CLIP -> SEND_CLIP;
            case RECEIVE_PART -> SEND_PART;
            default -> throw new IllegalArgumentException(this + " receives nothing.");
        };
    }
}
