package dev.pipelinejob.operator.planning;

import dev.pipelinejob.api.v1alpha1.PipelineJobSpec;
import dev.pipelinejob.operator.lifecycle.FailurePolicy;
import dev.pipelinejob.operator.lifecycle.JobFacts;
import java.time.Duration;
import java.util.List;

/// The user's spec in the words of the lifecycle.
public final class JobFactsTranslation {
    /// An engine ends with this exit code when the user's input is wrong.
    private static final int USER_ERROR_EXIT_CODE = 2;

    private JobFactsTranslation() {}

    /// Waits that the spec does not set.
    ///
    /// @param ready how long a worker may take to come up
    /// @param prepare how long a worker may take to load and verify
    public record Waits(Duration ready, Duration prepare) {}

    public static JobFacts jobFacts(String name, PipelineJobSpec spec, Waits waits) {
        var policy = spec.failurePolicy();
        return new JobFacts(
                name,
                spec.training().steps(),
                false,
                true,
                null,
                new FailurePolicy(
                        policy.maxRestarts(),
                        Duration.ofSeconds(policy.window().seconds()),
                        Duration.ofSeconds(policy.resetAfterSeconds()),
                        Duration.ofSeconds(policy.backoff().initialSeconds()),
                        Duration.ofSeconds(policy.backoff().maxSeconds()),
                        List.of(new FailurePolicy.ExitCodeRule("user-error", true, List.of(USER_ERROR_EXIT_CODE))),
                        Duration.ofSeconds(policy.unreachableSeconds()),
                        Duration.ofSeconds(policy.progressDeadlineSeconds())),
                waits.ready(),
                waits.prepare());
    }
}
