package dev.pipelinejob.worker.checkpoint;

import dev.pipelinejob.worker.engine.StateTensor;
import java.nio.file.Path;
import java.util.Collection;
import java.util.function.BooleanSupplier;

/// A folder of checkpoints, shared by all workers of a job. What is committed never changes, and a crash
/// at any point
/// leaves either no manifest or a complete one.
public final class CheckpointStore {
    private final Path directory;
    private final BooleanSupplier leaseHolds;

    /// @param directory the store's folder; created when first written
    /// @param leaseHolds whether the operator's lease holds now; without it nothing is committed or deleted
    public CheckpointStore(Path directory, BooleanSupplier leaseHolds) {
        this.directory = directory;
        this.leaseHolds = leaseHolds;
    }

    /// Marks that `attempt` goes on from `resumeStep` (0 = from the seed). Every worker calls it in
    /// Prepare before
    /// {@link #open}: from then on older attempts neither commit nor delete here. Calling it again is
    /// harmless.
    public WriteOutcome begin(int attempt, int resumeStep) {
        return Pending.answer(directory, leaseHolds);
    }

    /// Writes one stage's state durably. It counts for nothing until {@link #commit} names it.
    public PartOutcome writePart(PartRequest request, TensorSource source) {
        return Pending.answer();
    }

    /// Makes the step a checkpoint, for one worker to call when all parts are written. With
    /// `manifest.finished()` the
    /// finished model is assembled first, so that a final manifest is never without its model.
    public CommitOutcome commit(Manifest manifest) {
        return Pending.answer();
    }

    /// Removes committed steps beyond the newest `keepLast`, and what older attempts left half done. The
    /// final step and
    /// the step that `attempt` resumed from stay.
    public CollectOutcome collect(int attempt, int keepLast) {
        return Pending.answer();
    }

    /// The committed steps. Rubbish, partial and foreign files are passed over.
    public Inventory inventory() {
        return Pending.answer();
    }

    /// Opens a committed step and verifies the parts that hold the needed tensors, whatever the parts were
    /// cut like.
    public OpenOutcome open(int step, Collection<StateTensor> needed) {
        return Pending.answer();
    }

    /// Where the finished model is once a final manifest is committed.
    public Path modelFile() {
        return directory.resolve("model.safetensors");
    }
}
