package dev.pipelinejob.placement.replication;

import java.util.List;

/// Stages within stages, one nesting a level of machines, and how good they are, in PipeDream's cost model.
///
/// @param parts of the outermost level, first to last
/// @param value milliseconds a minibatch of the slowest stage
/// @param lowerBound no plan of the bound's kind takes less
/// @param isBoundForAll whether the bound comes from all sets of layers, not from work and parameters alone
public record LevelPlan(List<Part> parts, double value, double lowerBound, boolean isBoundForAll) {
    public LevelPlan {
        parts = List.copyOf(parts);
    }

    /// One stage of a level.
    ///
    /// @param replicas groups of the level below that run the same
    /// @param parts what each of them runs, first to last; empty at the innermost level
    /// @param layers what is in it, at the innermost level
    public record Part(int replicas, List<Part> parts, List<String> layers) {
        public Part {
            parts = List.copyOf(parts);
            layers = List.copyOf(layers);
        }

        /// Devices that it takes.
        public long devices() {
            return replicas
                    * (parts.isEmpty()
                            ? 1L
                            : parts.stream().mapToLong(Part::devices).sum());
        }
    }

    public long devices() {
        return parts.stream().mapToLong(Part::devices).sum();
    }
}
