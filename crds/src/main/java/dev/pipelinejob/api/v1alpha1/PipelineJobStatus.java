package dev.pipelinejob.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is known about the job now; bounded to 64 KiB by its limits.
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PipelineJobStatus(
        @JsonPropertyDescription("The generation of the spec that this status speaks of.") @Nullable
        Long observedGeneration,

        @JsonPropertyDescription("The job's state in one word, derived from the conditions.") @Nullable
        JobState state,

        @Size(max = 32)
        @JsonPropertyDescription("Workers ready of workers planned, such as 3/3; spares do not count.")
        @Nullable
        String ready,

        @Size(max = 32)
        @JsonPropertyDescription("Spares ready of spares wanted, such as 1/1; absent when none are wanted.")
        @Nullable
        String spares,

        @Size(max = 16) @JsonPropertyDescription("What is true of the job, one entry a type.") @Nullable
        List<Condition> conditions,

        @JsonPropertyDescription("The placement in use and what it promises.") @Nullable
        PlacementStatus placement,

        @JsonPropertyDescription("How far the training is.") @Nullable
        ProgressStatus progress,

        @JsonPropertyDescription("The newest checkpoint.") @Nullable
        CheckpointStatus checkpoint,

        @JsonPropertyDescription("The finished model.") @Nullable
        ModelStatus model,

        @JsonPropertyDescription("The number of the current attempt, from 1.") @Nullable
        Integer attempt,

        @JsonPropertyDescription("The number of restarts so far.") @Nullable
        Integer restarts,

        @Size(max = PipelineJobStatus.MAX_HISTORY)
        @JsonPropertyDescription("The newest restarts, newest first.")
        @Nullable
        List<RestartRecord> restartHistory) {
    /// The most restarts that the history keeps.
    public static final int MAX_HISTORY = 10;

    public PipelineJobStatus {
        conditions = conditions == null ? null : List.copyOf(conditions);
        restartHistory = restartHistory == null ? null : List.copyOf(restartHistory);
    }

    /// The job's state in one word.
    public enum JobState {
        /// No plan yet.
        @JsonProperty("Pending")
        PENDING,
        /// Held by spec.suspend, or on the way there.
        @JsonProperty("Suspended")
        SUSPENDED,
        /// Workers come up and prepare.
        @JsonProperty("Starting")
        STARTING,
        /// Steps are being completed.
        @JsonProperty("Running")
        RUNNING,
        /// A failure was seen and the next attempt has not completed a step yet.
        @JsonProperty("Restarting")
        RESTARTING,
        /// The last step is committed.
        @JsonProperty("Complete")
        COMPLETE,
        /// Stopped for good.
        @JsonProperty("Failed")
        FAILED
    }

    /// Whether something is true of the object, since when and why.
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Condition(
            @Required @Size(min = 1, max = 63) @JsonPropertyDescription("What the condition is about, in one word.")
            String type,

            @Required @JsonPropertyDescription("Whether it is so.")
            ConditionStatus status,

            @Required @Size(min = 1, max = 128) @JsonPropertyDescription("Why, in one word for programs.")
            String reason,

            @Size(max = 4096) @JsonPropertyDescription("Why, in one sentence for people.") @Nullable
            String message,

            @JsonPropertyDescription("The generation of the spec that the condition speaks of.") @Nullable
            Long observedGeneration,

            @Required
            @JsonFormat(shape = JsonFormat.Shape.STRING)
            @JsonPropertyDescription("When the status last changed.")
            Instant lastTransitionTime) {}

    /// Whether a condition holds.
    public enum ConditionStatus {
        @JsonProperty("True")
        TRUE,
        @JsonProperty("False")
        FALSE,
        @JsonProperty("Unknown")
        UNKNOWN
    }

    /// Where the costs behind a prediction come from.
    public enum CostSource {
        /// From the model's arithmetic.
        @JsonProperty("Estimated")
        ESTIMATED,
        /// Measured by the workers.
        @JsonProperty("Profiled")
        PROFILED
    }

    /// The placement in use.
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record PlacementStatus(
            @JsonPropertyDescription("The schedule in use.") Pipeline.@Nullable Schedule schedule,

            @JsonPropertyDescription("The number of stages.") @Nullable
            Integer stages,

            @JsonPropertyDescription("The predicted time of one step in microseconds.") @Nullable
            Long predictedStepMicros,

            @JsonPropertyDescription("A time that a step of no plan of the bound's kind can beat, in microseconds.")
            @Nullable
            Long lowerBoundMicros,

            @Size(max = 32)
            @JsonPropertyDescription("How far the slowest stage or link may be above the best one of as many stages, in"
                    + " per cent, as text.")
            @Nullable
            String gapPercent,

            @Size(max = 63)
            @JsonPropertyDescription("The kind of plans that the bound speaks of, such as contiguous.")
            @Nullable
            String boundKind,

            @JsonPropertyDescription("Where the costs behind the prediction come from.") @Nullable
            CostSource costSource,

            @Size(max = 32)
            @JsonPropertyDescription("The measured time of a step divided by the predicted one, as text.")
            @Nullable
            String measuredToPredicted,

            @JsonPropertyDescription("The time that the planner searched, in milliseconds.") @Nullable
            Long solveMillis,

            @Size(max = 16)
            @JsonPropertyDescription("What a step sends over the links of each level of the topology, coarse to fine.")
            @Nullable
            List<CrossingStatus> crossings) {}

    /// What a step sends between the domains of one level.
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record CrossingStatus(
            @Size(max = 63) @JsonPropertyDescription("The level whose domains are left, such as rack.") @Nullable
            String level,

            @JsonPropertyDescription("The pairs of workers that talk to each other over these links.") @Nullable
            Integer workerPairs,

            @JsonPropertyDescription("What they send in a step, both directions together.") @Nullable
            Long bytesPerStep) {}

    /// How far the training is.
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ProgressStatus(
            @JsonPropertyDescription("The last completed step.") @Nullable
            Integer step,

            @JsonPropertyDescription("The number of steps in all.") @Nullable
            Integer totalSteps,

            @Size(max = 32) @JsonPropertyDescription("The loss of that step, as text.") @Nullable
            String loss,

            @JsonPropertyDescription("The measured time of one step in microseconds.") @Nullable
            Long measuredStepMicros,

            @JsonPropertyDescription("The time that the rest is expected to take.") @Nullable
            Long remainingSeconds,

            @Size(max = 32)
            @JsonPropertyDescription(
                    "The share of the time so far that went into steps that were not lost, in per cent," + " as text.")
            @Nullable
            String goodputPercent) {}

    /// The newest checkpoint.
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record CheckpointStatus(
            @JsonPropertyDescription("Its step.") @Nullable Integer lastStep,

            @JsonFormat(shape = JsonFormat.Shape.STRING) @JsonPropertyDescription("When it was seen.") @Nullable
            Instant time) {}

    /// The finished model.
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ModelStatus(
            @Size(max = 4096) @JsonPropertyDescription("Where its safetensors file is.") @Nullable
            String uri) {}
}
