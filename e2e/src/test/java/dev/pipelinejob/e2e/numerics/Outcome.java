package dev.pipelinejob.e2e.numerics;

import java.util.List;
import java.util.Map;

/// What a training run leaves.
///
/// @param losses of the steps from 1 on
/// @param weights the bits of every parameter, as floats in their raw form, by name
record Outcome(List<Double> losses, Map<String, List<Integer>> weights) {
    Outcome {
        losses = List.copyOf(losses);
        weights = Map.copyOf(weights);
    }
}
