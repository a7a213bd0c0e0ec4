package dev.pipelinejob.worker.checkpoint;

import java.util.List;

/// What became of {@link CheckpointStore#collect}.
public sealed interface CollectOutcome permits CollectOutcome.Collected, Withheld, StoreFailure {
    /// Old checkpoints, if any, are gone.
    ///
    /// @param removedSteps the committed steps that are gone now, oldest first
    record Collected(List<Integer> removedSteps) implements CollectOutcome {
        public Collected {
            removedSteps = List.copyOf(removedSteps);
        }
    }
}
