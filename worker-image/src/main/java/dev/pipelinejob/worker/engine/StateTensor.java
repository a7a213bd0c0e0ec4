package dev.pipelinejob.worker.engine;

import java.util.List;

/// A tensor that a checkpoint holds: a parameter or one of its moments, always float32 in this engine generation.
///
/// @param name unique in the job, never naming a stage: `blocks.3.attention.query.weight`, `….exp_avg`
/// @param layer index of the layer that it belongs to (first use, when tied)
/// @param shape row-major sizes
public record StateTensor(String name, int layer, List<Long> shape) {
    public StateTensor {
        shape = List.copyOf(shape);
    }

    public long bytes() {
        return shape.stream().mapToLong(Long::longValue).reduce(4, Math::multiplyExact);
    }
}
