package dev.pipelinejob.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/// What happens when something fails.
public record FailurePolicy(
        @Min(0)
        @Max(1_000_000)
        @Default("10")
        @JsonPropertyDescription("The most restarts within the window; one more failure fails the job.")
        int maxRestarts,

        @Default("{}") @JsonPropertyDescription("The time over which restarts are counted.")
        Window window,

        @Min(1)
        @Max(31_536_000)
        @Default("3600")
        @JsonPropertyDescription(
                "The time of training without a failure after which all earlier failures are forgotten, for the back-off"
                        + " and for maxRestarts.")
        int resetAfterSeconds,

        @Default("{}")
        @JsonPropertyDescription("The wait before a restart, from the second failure within the reset time on.")
        Backoff backoff,

        @Default("InPlace")
        @JsonPropertyDescription(
                "What is restarted: InPlace replaces what failed and keeps every healthy process; Recreate replaces all"
                        + " workers.")
        RestartStrategy restartStrategy,

        @Size(max = 20)
        @Default("[]")
        @ValidationRule(
                value = "self.all(rule, self.exists_one(other, other.name == rule.name))",
                message = "must have names that differ")
        @JsonPropertyDescription(
                "What the end of a worker means, in this order; the first rule that matches counts. Without one a failure"
                        + " is restarted and counted, unless the infrastructure took the worker away; an engine's exit"
                        + " code 2 says that the input is wrong and fails the job.")
        List<FailureRule> rules,

        @Min(1)
        @Max(3600)
        @Default("10")
        @JsonPropertyDescription(
                "The time after which a worker counts as lost that is silent and that a neighbour cannot"
                        + " reach either.")
        int unreachableSeconds,

        @Min(0)
        @Max(86_400)
        @Default("20")
        @JsonPropertyDescription(
                "The time that a replaced worker's pod may take to end on a node that is lost; then it is removed by"
                        + " force. 0 = never.")
        int forceDeleteAfterSeconds,

        @Min(0)
        @Max(31_536_000)
        @Default("3600")
        @JsonPropertyDescription(
                "The time for which a node that lost a worker gets no new one, as long as there is another place."
                        + " 0 = no time.")
        int quarantineSeconds,

        @Min(1)
        @Max(604_800)
        @Default("900")
        @JsonPropertyDescription(
                "The longest time without a completed step; then the attempt counts as hung and failed.")
        int progressDeadlineSeconds) {
    /// The generator reads the default `{}`, in which no rules are given.
    public FailurePolicy {
        rules = rules == null ? List.of() : List.copyOf(rules);
    }

    /// What is restarted.
    public enum RestartStrategy {
        /// What failed.
        @JsonProperty("InPlace")
        IN_PLACE,
        /// Every worker of the attempt.
        @JsonProperty("Recreate")
        RECREATE
    }

    /// The time over which restarts are counted.
    public record Window(
            @Min(1)
            @Max(31_536_000)
            @Default("86400")
            @JsonPropertyDescription("The window's length; older restarts no longer count.")
            int seconds) {}

    /// A wait that doubles from restart to restart.
    @ValidationRule(
            value = "self.initialSeconds <= self.maxSeconds",
            fieldPath = ".initialSeconds",
            messageExpression =
                    "'must be at most maxSeconds %d, and not %d'.format([self.maxSeconds," + " self.initialSeconds])")
    public record Backoff(
            @Min(0) @Max(86_400) @Default("1") @JsonPropertyDescription("The first wait; it doubles each time.")
            int initialSeconds,

            @Min(0) @Max(86_400) @Default("300") @JsonPropertyDescription("The longest wait.")
            int maxSeconds) {}
}
