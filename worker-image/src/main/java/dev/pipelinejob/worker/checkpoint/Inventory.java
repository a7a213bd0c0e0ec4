package dev.pipelinejob.worker.checkpoint;

import java.util.List;

/// The committed checkpoints of a store.
///
/// @param committedSteps newest first, at most {@link #MAXIMUM_STEPS}
/// @param finalStep the step whose manifest is final; 0 when there is none
/// @param dataDigest of the newest manifest; empty when there is none
/// @param numericsFingerprint of the newest manifest; empty when there is none
public record Inventory(List<Integer> committedSteps, int finalStep, String dataDigest, String numericsFingerprint)
        implements InventoryOutcome {
    /// More are not reported: nobody goes back further.
    public static final int MAXIMUM_STEPS = 16;

    public Inventory {
        committedSteps = List.copyOf(committedSteps);
    }
}
