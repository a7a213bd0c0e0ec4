package dev.pipelinejob.placement.plan;

/// Consecutive layers on one worker.
///
/// @param index the stage's place in the pipeline, from 0
/// @param firstLayer its first layer
/// @param endLayer the layer behind its last
/// @param rank the worker that holds it
public record Stage(int index, int firstLayer, int endLayer, int rank) {
    public Stage {
        if (index < 0 || rank < 0 || firstLayer < 0 || endLayer <= firstLayer) {
            throw new IllegalArgumentException("Stage " + index + " with layers [" + firstLayer + ", " + endLayer
                    + ") on rank " + rank + ": numbers start at 0 and a stage has at least one layer.");
        }
    }
}
