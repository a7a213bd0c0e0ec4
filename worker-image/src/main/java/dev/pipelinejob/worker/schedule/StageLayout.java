package dev.pipelinejob.worker.schedule;

import java.util.List;

/// Which rank holds which stage, and the layers of each.
///
/// @param rank this worker
/// @param worldSize number of workers
/// @param stages all stages in order; a stage's index is its place
public record StageLayout(int rank, int worldSize, List<HeldStage> stages) {
    public StageLayout {
        stages = List.copyOf(stages);
    }

    /// One stage.
    ///
    /// @param index place among all stages
    /// @param firstLayer first layer
    /// @param endLayer one past the last layer
    /// @param rank who holds it
    public record HeldStage(int index, int firstLayer, int endLayer, int rank) {}

    /// The stages that `holder` holds, in order.
    public List<HeldStage> heldBy(int holder) {
        return stages.stream().filter(stage -> stage.rank() == holder).toList();
    }

    /// The stages of this worker, in order.
    public List<HeldStage> own() {
        return heldBy(rank);
    }

    public boolean isOwn(int stage) {
        return stage >= 0 && stage < stages.size() && stages.get(stage).rank() == rank;
    }

    public int lastStage() {
        return stages.size() - 1;
    }

    public int endLayer() {
        return stages.getLast().endLayer();
    }
}
