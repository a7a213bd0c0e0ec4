package dev.pipelinejob.placement.cost;

import dev.pipelinejob.placement.graph.ModelGraph;
import java.util.List;

/// Turns an estimated graph into a profiled one.
@SuppressWarnings("DoNotCallSuggester")
public final class Profile {
    private Profile() {}

    /// Scales the layers of each measured stage so that their sum is what was measured.
    ///
    /// @param measured stages that together cover every layer exactly once, in order
    public static ModelGraph rescale(ModelGraph graph, List<MeasuredStage> measured) {
        throw new UnsupportedOperationException("not built yet");
    }
}
