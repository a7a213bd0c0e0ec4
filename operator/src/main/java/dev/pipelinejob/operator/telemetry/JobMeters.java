package dev.pipelinejob.operator.telemetry;

import dev.pipelinejob.api.v1alpha1.PipelineJobStatus;
import dev.pipelinejob.api.v1alpha1.PipelineJobStatus.JobState;
import dev.pipelinejob.api.v1alpha1.RestartRecord;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Figures about jobs, taken from their statuses as these are made. No figure has a job's name: their number stays the
/// same however many jobs there are.
public final class JobMeters {
    private final MeterRegistry registry;
    private final Map<String, Known> byJob = new ConcurrentHashMap<>();

    /// @param state the job's
    /// @param recovered the number of the last attempt whose recovery was counted
    /// @param regained the number of the last attempt whose lost steps were counted
    /// @param predicted the prediction that was counted, in microseconds
    private record Known(JobState state, int restarted, int recovered, int regained, long predicted) {}

    public JobMeters(MeterRegistry registry) {
        this.registry = registry;
        for (JobState state : JobState.values()) {
            Gauge.builder("pipelinejob.jobs", () -> count(state))
                    .description("Jobs by state")
                    .tag("state", state.name().toLowerCase(Locale.ROOT))
                    .register(registry);
        }
    }

    private long count(JobState state) {
        return byJob.values().stream().filter(each -> each.state() == state).count();
    }

    /// Takes the figures of a job's newest status.
    public void note(String jobUid, PipelineJobStatus status) {
        Known before = byJob.get(jobUid);
        int restarted = before == null ? newest(status) : before.restarted();
        int recovered = before == null ? newest(status) : before.recovered();
        int regained = before == null ? newest(status) : before.regained();
        if (status.restartHistory() != null) {
            for (RestartRecord restart : status.restartHistory()) {
                if (restart.attempt() > restarted) {
                    restarted = restart.attempt();
                    registry.counter("pipelinejob.restarts", "reason", restart.reason())
                            .increment();
                    summary("pipelinejob.lost.steps", "Steps that had to be done again")
                            .record(restart.lostSteps() == null ? 0 : restart.lostSteps());
                }
                if (restart.attempt() > recovered && restart.firstStepAt() != null) {
                    recovered = restart.attempt();
                    time("pipelinejob.recovery", restart.detectedAt(), restart.firstStepAt());
                }
                if (restart.attempt() > regained && restart.regainedAt() != null) {
                    regained = restart.attempt();
                    time("pipelinejob.regain", restart.detectedAt(), restart.regainedAt());
                }
            }
        }
        long predicted = predicted(status, before);
        byJob.put(
                jobUid,
                new Known(
                        status.state() == null ? JobState.PENDING : status.state(),
                        restarted,
                        recovered,
                        regained,
                        predicted));
    }

    private static int newest(PipelineJobStatus status) {
        return status.attempt() == null ? 0 : status.attempt();
    }

    private long predicted(PipelineJobStatus status, @Nullable Known before) {
        PipelineJobStatus.PlacementStatus placement = status.placement();
        long known = before == null ? 0 : before.predicted();
        if (placement == null || placement.predictedStepMicros() == null || placement.predictedStepMicros() == known) {
            return known;
        }
        if (placement.solveMillis() != null) {
            Timer.builder("pipelinejob.solve")
                    .description("Time that a plan was searched for")
                    .register(registry)
                    .record(Duration.ofMillis(placement.solveMillis()));
        }
        if (placement.gapPercent() != null) {
            summary("pipelinejob.gap.percent", "How far plans are above their lower bound")
                    .record(Double.parseDouble(placement.gapPercent()));
        }
        return placement.predictedStepMicros();
    }

    private DistributionSummary summary(String name, String description) {
        return DistributionSummary.builder(name).description(description).register(registry);
    }

    private void time(String name, Instant from, Instant to) {
        registry.timer(name).record(Duration.between(from, to));
    }

    /// The job is gone, or another operator's.
    public void forget(String jobUid) {
        byJob.remove(jobUid);
    }
}
