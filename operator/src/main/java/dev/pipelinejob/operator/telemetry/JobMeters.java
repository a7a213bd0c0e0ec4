package dev.pipelinejob.operator.telemetry;

import dev.pipelinejob.api.v1alpha1.PipelineJobStatus;
import dev.pipelinejob.api.v1alpha1.PipelineJobStatus.JobState;
import dev.pipelinejob.api.v1alpha1.RestartRecord;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/// Figures about jobs, taken from their statuses as these are made. No figure has a job's name: their number stays the
/// same however many jobs there are.
public final class JobMeters {
    private static final double MICROS_A_SECOND = 1e6;

    private final MeterRegistry registry;
    private final Counter checkpoints;
    private final Map<String, Known> byJob = new ConcurrentHashMap<>();

    /// @param status the job's newest
    /// @param restarted the number of the last attempt that was counted as a restart
    /// @param recovered the number of the last attempt whose recovery was counted
    /// @param regained the number of the last attempt whose lost steps were counted
    /// @param predicted the prediction that was counted, in microseconds
    private record Known(PipelineJobStatus status, int restarted, int recovered, int regained, long predicted) {
        JobState state() {
            return status.state() == null ? JobState.PENDING : status.state();
        }

        int checkpoint() {
            return status.checkpoint() == null || status.checkpoint().lastStep() == null
                    ? 0
                    : status.checkpoint().lastStep();
        }

        double goodputPercent() {
            return status.progress() == null || status.progress().goodputPercent() == null
                    ? Double.NaN
                    : Double.parseDouble(status.progress().goodputPercent());
        }

        double measuredSeconds() {
            return status.progress() == null || status.progress().measuredStepMicros() == null
                    ? Double.NaN
                    : status.progress().measuredStepMicros() / MICROS_A_SECOND;
        }

        double predictedSeconds() {
            return status.placement() == null || status.placement().predictedStepMicros() == null
                    ? Double.NaN
                    : status.placement().predictedStepMicros() / MICROS_A_SECOND;
        }
    }

    public JobMeters(MeterRegistry registry) {
        this.registry = registry;
        for (JobState state : JobState.values()) {
            Gauge.builder("pipelinejob.jobs", () -> count(state))
                    .description("Jobs by state")
                    .tag("state", state.name().toLowerCase(Locale.ROOT))
                    .register(registry);
        }
        Gauge.builder("pipelinejob.goodput.percent", () -> mean(Known::goodputPercent))
                .description("The share of time that went into steps that count, mean of the jobs that run")
                .register(registry);
        Gauge.builder("pipelinejob.step.measured.seconds", () -> mean(Known::measuredSeconds))
                .description("The time of a step, mean of the jobs that run")
                .register(registry);
        Gauge.builder("pipelinejob.step.predicted.seconds", () -> mean(Known::predictedSeconds))
                .description("The predicted time of a step, mean of the jobs that run")
                .register(registry);
        Gauge.builder(
                        "pipelinejob.step.measured.to.predicted",
                        () -> mean(known -> known.measuredSeconds() / known.predictedSeconds()))
                .description("How much longer a step takes than was predicted, mean of the jobs that run")
                .register(registry);
        checkpoints = Counter.builder("pipelinejob.checkpoints")
                .description("Checkpoints that were seen committed")
                .register(registry);
    }

    private long count(JobState state) {
        return byJob.values().stream().filter(each -> each.state() == state).count();
    }

    /// Not a number while no job that runs has it.
    private double mean(ToDoubleFunction<Known> figure) {
        return byJob.values().stream()
                .filter(each -> each.state() == JobState.RUNNING)
                .mapToDouble(figure)
                .filter(Double::isFinite)
                .average()
                .orElse(Double.NaN);
    }

    /// Takes the figures of a job's newest status.
    public void note(String jobUid, PipelineJobStatus status) {
        int newest = status.attempt() == null ? 0 : status.attempt();
        Known before = byJob.get(jobUid);
        Known base = before == null
                ? new Known(status, newest, newest, newest, 0)
                : new Known(status, before.restarted(), before.recovered(), before.regained(), before.predicted());
        if (before != null && base.checkpoint() > before.checkpoint()) {
            checkpoints.increment();
        }
        Known counted = base;
        for (RestartRecord restart : Objects.requireNonNullElse(status.restartHistory(), List.<RestartRecord>of())) {
            counted = counted(restart, base, counted);
        }
        byJob.put(
                jobUid,
                new Known(
                        status,
                        counted.restarted(),
                        counted.recovered(),
                        counted.regained(),
                        predicted(status, before)));
    }

    /// Counts of one restart what was not counted before.
    private Known counted(RestartRecord restart, Known before, Known soFar) {
        int attempt = restart.attempt();
        int restarted = soFar.restarted();
        int recovered = soFar.recovered();
        int regained = soFar.regained();
        if (attempt > before.restarted()) {
            restarted = Math.max(restarted, attempt);
            registry.counter("pipelinejob.restarts", "reason", restart.reason()).increment();
            summary("pipelinejob.lost.steps", "Steps that had to be done again")
                    .record(restart.lostSteps() == null ? 0 : restart.lostSteps());
        }
        if (attempt > before.recovered() && restart.firstStepAt() != null) {
            recovered = Math.max(recovered, attempt);
            time("pipelinejob.recovery", "From a failure to the next step", restart, restart.firstStepAt());
        }
        if (attempt > before.regained() && restart.regainedAt() != null) {
            regained = Math.max(regained, attempt);
            time(
                    "pipelinejob.regain",
                    "From a failure until its lost steps were done again",
                    restart,
                    restart.regainedAt());
        }
        return new Known(soFar.status(), restarted, recovered, regained, soFar.predicted());
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
            summary("pipelinejob.gap.percent", "How far the slowest stage or link of plans may be above the best")
                    .record(Double.parseDouble(placement.gapPercent()));
        }
        return placement.predictedStepMicros();
    }

    private DistributionSummary summary(String name, String description) {
        return DistributionSummary.builder(name).description(description).register(registry);
    }

    private void time(String name, String description, RestartRecord restart, Instant to) {
        Timer.builder(name)
                .description(description)
                .register(registry)
                .record(Duration.between(restart.detectedAt(), to));
    }

    /// The job is gone, or another operator's.
    public void forget(String jobUid) {
        byJob.remove(jobUid);
    }
}
