package dev.pipelinejob.operator.planning;

import dev.pipelinejob.api.v1alpha1.FailurePolicy.RestartStrategy;
import dev.pipelinejob.api.v1alpha1.FailureRule.Operator;
import dev.pipelinejob.api.v1alpha1.FailureRule.PodCondition;
import dev.pipelinejob.api.v1alpha1.PipelineJobSpec;
import dev.pipelinejob.api.v1alpha1.Training;
import dev.pipelinejob.operator.lifecycle.FailurePolicy;
import dev.pipelinejob.operator.lifecycle.FailureRule;
import dev.pipelinejob.operator.lifecycle.JobFacts;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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
    /// @param prepare how long a worker may take to load and verify
    public record Waits(Duration prepare) {}

    public static JobFacts jobFacts(String name, PipelineJobSpec spec, Waits waits) {
        JobFacts.Limits limits = new JobFacts.Limits(
                Duration.ofSeconds(spec.readyTimeoutSeconds()),
                waits.prepare(),
                Duration.ofSeconds(spec.checkpoint().graceSeconds()),
                seconds(spec.activeDeadlineSeconds()),
                seconds(spec.ttlSecondsAfterFinished()));
        return new JobFacts(
                        name,
                        spec.training().steps(),
                        spec.suspend(),
                        spec.training().reproducibility() == Training.Reproducibility.BITWISE,
                        failurePolicy(spec.failurePolicy()),
                        limits)
                .withSpares(spec.workerPools().getFirst().spares());
    }

    private static @Nullable Duration seconds(@Nullable Integer given) {
        return given == null ? null : Duration.ofSeconds(given);
    }

    private static FailurePolicy failurePolicy(dev.pipelinejob.api.v1alpha1.FailurePolicy policy) {
        return new FailurePolicy(
                policy.maxRestarts(),
                Duration.ofSeconds(policy.window().seconds()),
                Duration.ofSeconds(policy.resetAfterSeconds()),
                Duration.ofSeconds(policy.backoff().initialSeconds()),
                Duration.ofSeconds(policy.backoff().maxSeconds()),
                policy.restartStrategy() == RestartStrategy.RECREATE,
                rules(policy.rules()),
                Duration.ofSeconds(policy.unreachableSeconds()),
                Duration.ofSeconds(policy.forceDeleteAfterSeconds()),
                Duration.ofSeconds(policy.quarantineSeconds()),
                Duration.ofSeconds(policy.progressDeadlineSeconds()));
    }

    /// The user's rules come first; what the engine says of the input comes after them.
    private static List<FailureRule> rules(List<dev.pipelinejob.api.v1alpha1.FailureRule> given) {
        return Stream.concat(given.stream().map(JobFactsTranslation::rule), Stream.of(USER_ERROR))
                .toList();
    }

    private static FailureRule rule(dev.pipelinejob.api.v1alpha1.FailureRule given) {
        FailureRule.Action action =
                switch (given.action()) {
                    case FAIL_JOB -> FailureRule.Action.FAIL_JOB;
                    case IGNORE -> FailureRule.Action.IGNORE;
                    case COUNT -> FailureRule.Action.COUNT;
                };
        return new FailureRule(given.name(), action, match(given));
    }

    private static FailureRule.Match match(dev.pipelinejob.api.v1alpha1.FailureRule given) {
        if (given.onExitCodes() != null) {
            return new FailureRule.Match.ExitCodes(
                    given.onExitCodes().operator() == Operator.IN,
                    given.onExitCodes().values());
        }
        if (given.onSignals() != null) {
            return new FailureRule.Match.Signals(given.onSignals().values());
        }
        List<PodCondition> conditions = Objects.requireNonNullElse(given.onPodConditions(), List.of());
        return new FailureRule.Match.PodConditions(conditions.stream()
                .map(each -> new FailureRule.TypeAndStatus(each.type(), each.status()))
                .toList());
    }
}
