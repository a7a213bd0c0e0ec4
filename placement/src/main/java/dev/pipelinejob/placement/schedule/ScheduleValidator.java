package dev.pipelinejob.placement.schedule;

import dev.pipelinejob.placement.plan.Plan;
import java.util.List;

/// Checks operation lists without knowing how they were made.
@SuppressWarnings("DoNotCallSuggester")
public final class ScheduleValidator {
    private ScheduleValidator() {}

    /// Everything that is wrong with the lists for a plan, one sentence each; empty when they are sound.
    public static List<String> check(Schedule schedule, Plan plan) {
        throw new UnsupportedOperationException("not built yet");
    }
}
