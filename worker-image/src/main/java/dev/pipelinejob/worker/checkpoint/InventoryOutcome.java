package dev.pipelinejob.worker.checkpoint;

/// What a look into the store gave.
public sealed interface InventoryOutcome permits Inventory, InventoryOutcome.Unlistable {
    /// Nobody knows what is in the store now. That is not an empty store: a job that took it for one would begin again
    /// from the seed.
    ///
    /// @param sentence what happened, with path and way out
    record Unlistable(String sentence) implements InventoryOutcome {}
}
