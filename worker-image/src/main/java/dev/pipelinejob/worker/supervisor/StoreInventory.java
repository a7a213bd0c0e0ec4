package dev.pipelinejob.worker.supervisor;

import dev.pipelinejob.protocol.control.Inventory;
import dev.pipelinejob.worker.checkpoint.CheckpointStore;
import dev.pipelinejob.worker.checkpoint.InventoryOutcome;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks into the store for the operator, which need not see it.
final class StoreInventory {
    private static final Logger LOG = LoggerFactory.getLogger(StoreInventory.class);

    private Optional<Path> directory;

    StoreInventory(Optional<Path> directory) {
        this.directory = directory;
    }

    /// From now on, the store that the job names.
    void use(Path named) {
        directory = Optional.of(named);
    }

    /// What is committed now; empty when nobody can tell, which is not the same as an empty store.
    Optional<Inventory> take() {
        if (directory.isEmpty()) {
            return Optional.of(Inventory.getDefaultInstance());
        }
        return switch (new CheckpointStore(directory.get(), () -> false).inventory()) {
            case dev.pipelinejob.worker.checkpoint.Inventory found ->
                Optional.of(Inventory.newBuilder()
                        .addAllCommittedSteps(found.committedSteps())
                        .setFinalStep(found.finalStep())
                        .setDataDigest(found.dataDigest())
                        .setNumericsFingerprint(found.numericsFingerprint())
                        .build());
            case InventoryOutcome.Unlistable unknown -> {
                LOG.atError().addKeyValue("detail", unknown.sentence()).log("The store cannot be listed.");
                yield Optional.empty();
            }
        };
    }
}
