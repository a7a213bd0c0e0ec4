package dev.pipelinejob.operator.lifecycle;

import java.util.List;

/// The outcome of one look at a job.
///
/// @param decisions what to do, in this order
/// @param journal what to remember; keep it before carrying out the decisions
/// @param state where the job stands, in one word
/// @param sentence where the job stands, in words
public record Round(List<Decision> decisions, Journal journal, JobState state, String sentence) {
    public Round {
        decisions = List.copyOf(decisions);
    }
}
