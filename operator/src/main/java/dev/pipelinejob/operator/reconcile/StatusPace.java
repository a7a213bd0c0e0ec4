package dev.pipelinejob.operator.reconcile;

import dev.pipelinejob.api.v1alpha1.PipelineJobStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// When a status is worth a write: at once when the job's state changes, how many workers are ready every second, and
/// progress every few seconds.
final class StatusPace {
    private static final Duration PROGRESS_EVERY = Duration.ofSeconds(5);
    private static final Duration READY_EVERY = Duration.ofSeconds(1);

    private @Nullable PipelineJobStatus written;
    private Instant writtenAt;

    /// @param written the status that stands; null when there is none
    /// @param now its progress stands until workers have had the time to say better
    StatusPace(@Nullable PipelineJobStatus written, Instant now) {
        this.written = written;
        this.writtenAt = now;
    }

    /// Whether the status is to be written now.
    boolean isDue(PipelineJobStatus status, Instant now) {
        PipelineJobStatus before = written;
        if (before == null || !withoutProgress(status).equals(withoutProgress(before))) {
            return true;
        }
        return !status.equals(before) && !now.isBefore(writtenAt.plus(pause(before, status)));
    }

    private static Duration pause(PipelineJobStatus before, PipelineJobStatus status) {
        return Objects.equals(before.ready(), status.ready()) ? PROGRESS_EVERY : READY_EVERY;
    }

    /// When a status that is not due now will be; null when nothing waits.
    @Nullable
    Instant dueAt(PipelineJobStatus status) {
        PipelineJobStatus before = written;
        return before == null || status.equals(before) ? null : writtenAt.plus(pause(before, status));
    }

    void written(PipelineJobStatus status, Instant now) {
        written = status;
        writtenAt = now;
    }

    private static PipelineJobStatus withoutProgress(PipelineJobStatus status) {
        return new PipelineJobStatus(
                status.observedGeneration(),
                status.state(),
                null,
                status.spares(),
                status.conditions(),
                null,
                null,
                null,
                status.model(),
                status.attempt(),
                status.restarts(),
                status.restartHistory());
    }
}
