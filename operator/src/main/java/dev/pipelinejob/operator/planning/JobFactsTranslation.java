package dev.pipelinejob.operator.planning;

import dev.pipelinejob.api.v1alpha1.PipelineJobSpec;
import dev.pipelinejob.operator.lifecycle.FailurePolicy;
import dev.pipelinejob.operator.lifecycle.FailureRule;
import dev.pipelinejob.operator.lifecycle.JobFacts;
import java.time.Duration;
import java.util.List;

/// The user's spec in the words of the lifecycle.
public final class JobFactsTranslation {
    /// An engine ends with this exit code when the user's input is wrong.
    private static final int USER_ERROR_EXIT_CODE = 2;

    private static final FailureRule USER_ERROR = new FailureRule(
            "user-error",
            FailureRule.Action.FAIL_JOB,
            new FailureRule.Match.ExitCodes(true, List.of(USER_ERROR_EXIT_CODE)));

    private JobFactsTranslation() {}

    /// Waits that the spec does not set.
    ///
    /// @param ready how long a worker may take to come up
    /// @param prepare how long a worker may take to load and verify
    public record Waits(Duration ready, Duration prepare) {}

    public static JobFacts jobFacts(String name, PipelineJobSpec spec, Waits waits) {
        return new JobFacts(
                name,
                spec.training().steps(),
                false,
                true,
                failurePolicy(spec.failurePolicy()),
                new JobFacts.Limits(waits.ready(), waits.prepare(), Duration.ofSeconds(60), null, null));
    }

    private static FailurePolicy failurePolicy(dev.pipelinejob.api.v1alpha1.FailurePolicy policy) {
        return new FailurePolicy(
                policy.maxRestarts(),
                Duration.ofSeconds(policy.window().seconds()),
                Duration.ofSeconds(policy.resetAfterSeconds()),
                Duration.ofSeconds(policy.backoff().initialSeconds()),
                Duration.ofSeconds(policy.backoff().maxSeconds()),
                false,
                List.of(USER_ERROR),
                Duration.ofSeconds(policy.unreachableSeconds()),
                Duration.ZERO,
                Duration.ZERO,
                Duration.ofSeconds(policy.progressDeadlineSeconds()));
    }
}
