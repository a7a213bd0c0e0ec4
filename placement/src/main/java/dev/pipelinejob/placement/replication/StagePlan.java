package dev.pipelinejob.placement.replication;

import java.util.List;
import java.util.Map;

/// Stages in the order of the data, and how good they are, in Piper's cost model.
///
/// @param stages first to last
/// @param value seconds a sample of the slowest stage
/// @param lowerBound no plan of the bound's kind takes less
/// @param isBoundForAll whether the bound comes from all sets of layers, not from work alone
public record StagePlan(List<Stage> stages, double value, double lowerBound, boolean isBoundForAll) {
    public StagePlan {
        stages = List.copyOf(stages);
    }

    /// One stage.
    ///
    /// @param tensorDegree devices that share each of its layers
    /// @param replicas how many such groups there are
    /// @param choiceOfNode how each of its layers is computed
    public record Stage(int tensorDegree, int replicas, Map<String, String> choiceOfNode) {
        public Stage {
            choiceOfNode = Map.copyOf(choiceOfNode);
        }

        public int devices() {
            return tensorDegree * replicas;
        }
    }

    public int devices() {
        return stages.stream().mapToInt(Stage::devices).sum();
    }
}
