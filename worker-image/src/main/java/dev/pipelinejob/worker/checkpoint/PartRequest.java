package dev.pipelinejob.worker.checkpoint;

import dev.pipelinejob.worker.engine.StateTensor;
import java.util.List;

/// One stage's state at the end of one step, to be written as one file.
///
/// @param step the completed step
/// @param attempt the attempt that computed it
/// @param firstLayer first layer of the stage
/// @param endLayer one past the last layer of the stage
/// @param tensors all state tensors of the stage, parameters and moments
/// @param parameters names of those tensors that are parameters: they make up the finished model
public record PartRequest(
        int step, int attempt, int firstLayer, int endLayer, List<StateTensor> tensors, List<String> parameters) {
    public PartRequest {
        tensors = List.copyOf(tensors);
        parameters = List.copyOf(parameters);
    }
}
