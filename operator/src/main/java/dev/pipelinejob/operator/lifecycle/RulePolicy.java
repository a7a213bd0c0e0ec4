package dev.pipelinejob.operator.lifecycle;

import java.util.List;

/// What the user's rules make of an end. The first rule that matches decides; without one, what the cause says holds.
final class RulePolicy {
    private final JobFacts job;

    RulePolicy(JobFacts job) {
        this.job = job;
    }

    /// @param exitCode of the process or container
    /// @param signal that ended it; 0 when none did
    /// @param conditions the pod's; empty when its pod goes on
    /// @param lastWords what it said last; empty when that is not known
    Finding apply(Finding finding, int exitCode, int signal, List<Presence.PodCondition> conditions, String lastWords) {
        for (FailureRule rule : job.failurePolicy().rules()) {
            if (rule.matches(exitCode, signal, conditions)) {
                return switch (rule.action()) {
                    case IGNORE -> finding.withCharged(false);
                    case COUNT -> finding.withCharged(true);
                    case FAIL_JOB ->
                        finding.withFatal(new Finding.Fatal(
                                "PodFailurePolicy", message(finding, rule, exitCode, signal, lastWords), true));
                };
            }
        }
        return finding;
    }

    private String message(Finding finding, FailureRule rule, int exitCode, int signal, String lastWords) {
        String end =
                switch (rule.match()) {
                    case FailureRule.Match.ExitCodes _ -> "exit code " + exitCode;
                    case FailureRule.Match.Signals _ -> "signal " + signal;
                    case FailureRule.Match.PodConditions _ -> "a condition of its pod";
                };
        return "Job %s: the worker of slot %d ended with %s, which rule %s answers by failing the job%s"
                .formatted(job.name(), finding.slot(), end, rule.name(), lastWords.isBlank() ? "." : ": " + lastWords);
    }
}
