package dev.pipelinejob.placement.solve;

import java.util.List;

/// What the planner looks for.
public sealed interface Strategy {
    /// The shortest predicted step.
    record Optimize() implements Strategy {}

    /// The fewest hosts, and among those the shortest predicted step.
    record Pack() implements Strategy {}

    /// Stages as given; only their slots are chosen.
    ///
    /// @param endLayers for each stage the layer behind its last; ascending, the last one is the number of layers
    record Manual(List<Integer> endLayers) implements Strategy {
        public Manual {
            endLayers = List.copyOf(endLayers);
        }
    }
}
