package dev.pipelinejob.placement.schedule;

import dev.pipelinejob.placement.graph.ModelGraph;
import dev.pipelinejob.placement.plan.Plan;

/// Turns a plan into operation lists.
@SuppressWarnings("DoNotCallSuggester")
public final class ScheduleGenerator {
    /// Changes whenever the lists for an equal plan change, so that an attempt is never resumed with other lists.
    public static final int GENERATOR_VERSION = 1;

    private ScheduleGenerator() {}

    /// The lists of a legal plan; equal plans give equal lists.
    public static Schedule generate(ModelGraph graph, Plan plan) {
        throw new UnsupportedOperationException("not built yet");
    }
}
