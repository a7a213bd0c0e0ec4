package dev.pipelinejob.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/// Exactly one way in which the learning rate changes with the step.
@ValidationRule(
        value = "[has(self.constant), has(self.cosine)].filter(given, given).size() == 1",
        messageExpression = "'must hold exactly one of constant and cosine, and not %d'.format("
                + "[[has(self.constant), has(self.cosine)].filter(given, given).size()])")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LearningRateSchedule(
        @JsonPropertyDescription("The learning rate is the same at every step.") @Nullable
        Constant constant,

        @JsonPropertyDescription("The learning rate rises in a straight line, then falls along half a cosine.")
        @Nullable
        Cosine cosine) {

    /// The same at every step.
    public record Constant() {}

    /// Up in a straight line, then down along half a cosine.
    public record Cosine(
            @Min(0)
            @Max(100_000_000)
            @Default("0")
            @JsonPropertyDescription("The number of steps in which the learning rate rises; at most training.steps.")
            int warmUpSteps,

            @Size(max = Decimals.MAX_LENGTH)
            @Pattern(Decimals.PATTERN)
            @ValidationRule(value = Decimals.RATIO, messageExpression = Decimals.RATIO_MESSAGE)
            @Default("0")
            @JsonPropertyDescription("The learning rate of the last step as a share of the full one, as text.")
            String finalRatio) {}
}
