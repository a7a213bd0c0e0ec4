package dev.pipelinejob.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One restart: why, how long, and what it cost.
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RestartRecord(
        @Required @JsonPropertyDescription("The number of the attempt that this restart began.")
        int attempt,

        @Required
        @Size(min = 1, max = 128)
        @JsonPropertyDescription("Why, in one word for programs, such as EngineExited.")
        String reason,

        @Size(max = RestartRecord.MAX_MESSAGE) @JsonPropertyDescription("Why, in one sentence for people.") @Nullable
        String message,

        @JsonPropertyDescription("The slot that failed; absent when it was not one slot.") @Nullable
        Integer slot,

        @JsonPropertyDescription("The exit code of the process, when it ended by itself.") @Nullable
        Integer exitCode,

        @JsonPropertyDescription("The signal that ended the process.") @Nullable
        Integer signal,

        @Required @JsonFormat(shape = JsonFormat.Shape.STRING) @JsonPropertyDescription("When the failure was seen.")
        Instant detectedAt,

        @JsonFormat(shape = JsonFormat.Shape.STRING)
        @JsonPropertyDescription("When the next step was completed.")
        @Nullable
        Instant firstStepAt,

        @JsonFormat(shape = JsonFormat.Shape.STRING)
        @JsonPropertyDescription("When the lost steps had been done again.")
        @Nullable
        Instant regainedAt,

        @JsonPropertyDescription("The step that training went on from.") @Nullable
        Integer resumedStep,

        @JsonPropertyDescription("The number of completed steps that had to be done again.") @Nullable
        Integer lostSteps,

        @Size(max = RestartRecord.MAX_LOG)
        @JsonPropertyDescription("The last lines that the failed process wrote.")
        @Nullable
        String lastLog) {
    /// The most characters of message that a record keeps.
    public static final int MAX_MESSAGE = 1024;
    /// The most characters of log that a record keeps.
    public static final int MAX_LOG = 2048;
}
