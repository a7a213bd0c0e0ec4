package dev.pipelinejob.worker.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A parameter as one stage holds it.
///
/// @param stage the stage that holds this use
/// @param layer index of the layer of this use
/// @param name unique in the job; the same for all uses of a tied parameter
/// @param shape row-major sizes
/// @param tiedGroup name of the tied parameter when it has several uses, else null
/// @param countsInNorm false for the later uses of a tied parameter
public record Parameter(
        int stage,
        int layer,
        String name,
        List<Long> shape,
        @Nullable String tiedGroup,
        boolean countsInNorm) {
    public Parameter {
        shape = List.copyOf(shape);
    }
}
