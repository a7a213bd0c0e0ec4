package dev.pipelinejob.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.ValidationRule;

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
        @JsonPropertyDescription("The time without a failure after which the back-off starts from its beginning again.")
        int resetAfterSeconds,

        @Default("{}")
        @JsonPropertyDescription("The wait before a restart, from the second failure within the reset time on.")
        Backoff backoff,

        @Default("InPlace")
        @JsonPropertyDescription("What is restarted: InPlace replaces what failed and keeps every healthy process.")
        RestartStrategy restartStrategy,

        @Min(1)
        @Max(3600)
        @Default("10")
        @JsonPropertyDescription(
                "The time after which a worker counts as lost that is silent and that a neighbour cannot"
                        + " reach either.")
        int unreachableSeconds,

        @Min(1)
        @Max(604_800)
        @Default("900")
        @JsonPropertyDescription(
                "The longest time without a completed step; then the attempt counts as hung and failed.")
        int progressDeadlineSeconds) {

    /// What is restarted.
    public enum RestartStrategy {
        @JsonProperty("InPlace")
        IN_PLACE
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
