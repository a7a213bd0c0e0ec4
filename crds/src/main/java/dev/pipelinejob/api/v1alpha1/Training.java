package dev.pipelinejob.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/// How the model is trained.
@ValidationRule(
        value = "self.batchSize % self.microBatches == 0",
        fieldPath = ".batchSize",
        messageExpression = "'must be a multiple of microBatches %d, such as %d, and not %d'.format([self.microBatches,"
                + " (self.batchSize / self.microBatches + 1) * self.microBatches, self.batchSize])")
@ValidationRule(
        value = "!has(self.learningRateSchedule.cosine) || self.learningRateSchedule.cosine.warmUpSteps <= self.steps",
        fieldPath = ".learningRateSchedule.cosine.warmUpSteps",
        messageExpression = "'must be at most steps %d, and not %d'.format([self.steps,"
                + " self.learningRateSchedule.cosine.warmUpSteps])")
@ValidationRule(
        value = "!has(oldSelf.learningRateSchedule.cosine) || self.steps == oldSelf.steps",
        fieldPath = ".steps",
        messageExpression = "'cannot change from %d to %d, because the learning rate of every step depends on it:"
                + " create a job with another name'.format([oldSelf.steps, self.steps])")
@ValidationRule(
        value = "self.optimizer == oldSelf.optimizer",
        fieldPath = ".optimizer",
        message = Immutable.CHECKPOINTS_MESSAGE)
@ValidationRule(
        value = "self.learningRateSchedule == oldSelf.learningRateSchedule",
        fieldPath = ".learningRateSchedule",
        message = Immutable.LOSSES_MESSAGE)
@ValidationRule(
        value = "has(self.gradientClipNorm) == has(oldSelf.gradientClipNorm)"
                + " && (!has(self.gradientClipNorm) || self.gradientClipNorm == oldSelf.gradientClipNorm)",
        fieldPath = ".gradientClipNorm",
        message = Immutable.LOSSES_MESSAGE)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Training(
        @Required
        @Min(1)
        @Max(100_000_000)
        @JsonPropertyDescription("The number of optimizer steps after which the model is finished.")
        int steps,

        @Required
        @Min(1)
        @Max(1_048_576)
        @ValidationRule(value = Immutable.UNCHANGED, messageExpression = Immutable.NUMBER_MESSAGE)
        @JsonPropertyDescription("The number of samples of one optimizer step.")
        int batchSize,

        @Required
        @Min(1)
        @Max(4096)
        @ValidationRule(value = Immutable.UNCHANGED, messageExpression = Immutable.NUMBER_MESSAGE)
        @JsonPropertyDescription("The number of parts that a batch goes through the pipeline in; it divides batchSize"
                + " and, as the order of additions depends on it, is part of the numerics.")
        int microBatches,

        @Required
        @JsonPropertyDescription("The rule that turns gradients into new weights; exactly one of its members.")
        Optimizer optimizer,

        @Default("{\"constant\": {}}")
        @JsonPropertyDescription("How the learning rate changes with the step; exactly one of its members.")
        LearningRateSchedule learningRateSchedule,

        @Size(max = Decimals.MAX_LENGTH)
        @Pattern(Decimals.PATTERN)
        @ValidationRule(value = Decimals.POSITIVE, messageExpression = Decimals.POSITIVE_MESSAGE)
        @JsonPropertyDescription("The largest norm of all gradients together, as text such as \"1.0\"; longer ones are"
                + " scaled down to it; absent: no clipping.")
        @Nullable
        String gradientClipNorm,

        @Min(0)
        @Default("0")
        @ValidationRule(value = Immutable.UNCHANGED, messageExpression = Immutable.NUMBER_MESSAGE)
        @JsonPropertyDescription("The number that initial weights and dropout are drawn from.")
        long seed,

        @Default("Bitwise")
        @JsonPropertyDescription(
                "What a restart keeps: Bitwise keeps every bit of every loss and refuses to go on where"
                        + " it cannot; BestEffort goes on with engines of another kind, and says so in the condition"
                        + " TrajectoryExact.")
        Reproducibility reproducibility) {

    /// What a restart keeps of the trajectory.
    public enum Reproducibility {
        @JsonProperty("Bitwise")
        BITWISE,

        @JsonProperty("BestEffort")
        BEST_EFFORT
    }

    /// Exactly one rule that turns gradients into new weights.
    @ValidationRule(
            value = "[has(self.adamW), has(self.sgd)].filter(given, given).size() == 1",
            messageExpression = "'must hold exactly one of adamW and sgd, and not %d'.format("
                    + "[[has(self.adamW), has(self.sgd)].filter(given, given).size()])")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Optimizer(
            @JsonPropertyDescription("AdamW as PyTorch computes it.") @Nullable
            AdamW adamW,

            @JsonPropertyDescription("Stochastic gradient descent as PyTorch computes it.") @Nullable
            Sgd sgd) {}

    /// AdamW.
    public record AdamW(
            @Required
            @Size(max = Decimals.MAX_LENGTH)
            @Pattern(Decimals.PATTERN)
            @ValidationRule(value = Decimals.POSITIVE, messageExpression = Decimals.POSITIVE_MESSAGE)
            @JsonPropertyDescription("The learning rate before the schedule, as text such as \"3e-4\".")
            String learningRate,

            @Size(max = Decimals.MAX_LENGTH)
            @Pattern(Decimals.PATTERN)
            @ValidationRule(value = Decimals.FRACTION, messageExpression = Decimals.FRACTION_MESSAGE)
            @Default("0.9")
            @JsonPropertyDescription("The share of the old mean gradient that a step keeps, as text.")
            String beta1,

            @Size(max = Decimals.MAX_LENGTH)
            @Pattern(Decimals.PATTERN)
            @ValidationRule(value = Decimals.FRACTION, messageExpression = Decimals.FRACTION_MESSAGE)
            @Default("0.999")
            @JsonPropertyDescription("The share of the old mean squared gradient that a step keeps, as text.")
            String beta2,

            @Size(max = Decimals.MAX_LENGTH)
            @Pattern(Decimals.PATTERN)
            @ValidationRule(value = Decimals.POSITIVE, messageExpression = Decimals.POSITIVE_MESSAGE)
            @Default("\"1e-8\"")
            @JsonPropertyDescription("What is added to the divisor so that it is never zero, as text.")
            String epsilon,

            @Size(max = Decimals.MAX_LENGTH)
            @Pattern(Decimals.PATTERN)
            @ValidationRule(value = Decimals.NON_NEGATIVE, messageExpression = Decimals.NON_NEGATIVE_MESSAGE)
            @Default("0.01")
            @JsonPropertyDescription("How fast weights shrink towards zero, as a share of the learning rate, as text.")
            String weightDecay) {}

    /// Stochastic gradient descent.
    public record Sgd(
            @Required
            @Size(max = Decimals.MAX_LENGTH)
            @Pattern(Decimals.PATTERN)
            @ValidationRule(value = Decimals.POSITIVE, messageExpression = Decimals.POSITIVE_MESSAGE)
            @JsonPropertyDescription("The learning rate before the schedule, as text such as \"0.1\".")
            String learningRate,

            @Size(max = Decimals.MAX_LENGTH)
            @Pattern(Decimals.PATTERN)
            @ValidationRule(value = Decimals.FRACTION, messageExpression = Decimals.FRACTION_MESSAGE)
            @Default("0")
            @JsonPropertyDescription("The share of the old direction that a step keeps, as text.")
            String momentum,

            @Size(max = Decimals.MAX_LENGTH)
            @Pattern(Decimals.PATTERN)
            @ValidationRule(value = Decimals.NON_NEGATIVE, messageExpression = Decimals.NON_NEGATIVE_MESSAGE)
            @Default("0")
            @JsonPropertyDescription("How much of each weight is added to its gradient, as text.")
            String weightDecay) {}
}
