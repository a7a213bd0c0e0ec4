package dev.pipelinejob.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the end of a worker means; it names exactly one kind of evidence.
@ValidationRule(
        value = "(has(self.onExitCodes) ? 1 : 0) + (has(self.onSignals) ? 1 : 0)"
                + " + (has(self.onPodConditions) ? 1 : 0) == 1",
        message = "must have exactly one of onExitCodes, onSignals and onPodConditions")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record FailureRule(
        @Required @Size(min = 1, max = 63) @JsonPropertyDescription("The rule's name, for messages.")
        String name,

        @Required
        @JsonPropertyDescription(
                "What follows: FailJob ends the job at once, Ignore restarts without counting, Count restarts and"
                        + " counts.")
        Action action,

        @JsonPropertyDescription("The exit codes of the engine process, or else of the container, that match.")
        @Nullable
        ExitCodes onExitCodes,

        @JsonPropertyDescription("The signals that match when one of them ended the engine process or the container.")
        @Nullable
        Signals onSignals,

        @Size(min = 1, max = 20)
        @JsonPropertyDescription("The conditions of the ended pod of which one must hold.")
        @Nullable
        List<PodCondition> onPodConditions) {
    public FailureRule {
        onPodConditions = onPodConditions == null ? null : List.copyOf(onPodConditions);
    }

    /// What follows when a rule matches.
    public enum Action {
        /// The job fails.
        @JsonProperty("FailJob")
        FAIL_JOB,
        /// A restart that counts against no budget.
        @JsonProperty("Ignore")
        IGNORE,
        /// A restart that counts.
        @JsonProperty("Count")
        COUNT
    }

    /// Exit codes; zero never matches.
    public record ExitCodes(
            @Required @JsonPropertyDescription("In: one of the values; NotIn: any other than the values and zero.")
            Operator operator,

            @Required
            @Size(min = 1, max = 255)
            @JsonPropertyDescription("Exit codes from 1 to 255.")
            @ValidationRule(
                    value = "self.all(code, code >= 1 && code <= 255)",
                    message = "must be exit codes from 1 to 255")
            List<Integer> values) {
        public ExitCodes {
            values = List.copyOf(values);
        }
    }

    /// How values are compared.
    public enum Operator {
        /// One of them.
        @JsonProperty("In")
        IN,
        /// None of them.
        @JsonProperty("NotIn")
        NOT_IN
    }

    /// Signals by number.
    public record Signals(
            @Required
            @Size(min = 1, max = 64)
            @JsonPropertyDescription("Signal numbers from 1 to 64, such as 9 for SIGKILL.")
            @ValidationRule(
                    value = "self.all(signal, signal >= 1 && signal <= 64)",
                    message = "must be signals from 1 to 64")
            List<Integer> values) {
        public Signals {
            values = List.copyOf(values);
        }
    }

    /// A condition of a pod.
    public record PodCondition(
            @Required
            @Size(min = 1, max = 316)
            @JsonPropertyDescription("The condition's type, such as DisruptionTarget.")
            String type,

            @Default("True")
            @Size(min = 4, max = 7)
            @ValidationRule(
                    value = "self in ['True', 'False', 'Unknown']",
                    messageExpression = "'must be True, False or Unknown, and not \"' + self + '\"'")
            @JsonPropertyDescription("The condition's status: True, False or Unknown.")
            String status) {}
}
