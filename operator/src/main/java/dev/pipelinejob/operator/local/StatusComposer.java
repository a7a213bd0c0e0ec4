package dev.pipelinejob.operator.local;

import dev.pipelinejob.api.v1alpha1.Pipeline.Schedule;
import dev.pipelinejob.api.v1alpha1.PipelineJobStatus;
import dev.pipelinejob.api.v1alpha1.PipelineJobStatus.CheckpointStatus;
import dev.pipelinejob.api.v1alpha1.PipelineJobStatus.Condition;
import dev.pipelinejob.api.v1alpha1.PipelineJobStatus.CostSource;
import dev.pipelinejob.api.v1alpha1.PipelineJobStatus.JobState;
import dev.pipelinejob.api.v1alpha1.PipelineJobStatus.ModelStatus;
import dev.pipelinejob.api.v1alpha1.PipelineJobStatus.PlacementStatus;
import dev.pipelinejob.api.v1alpha1.PipelineJobStatus.ProgressStatus;
import dev.pipelinejob.api.v1alpha1.RestartRecord;
import dev.pipelinejob.operator.lifecycle.AttemptReport;
import dev.pipelinejob.operator.lifecycle.EngineState;
import dev.pipelinejob.operator.lifecycle.Inventory;
import dev.pipelinejob.operator.lifecycle.Observation;
import dev.pipelinejob.operator.lifecycle.Presence;
import dev.pipelinejob.operator.lifecycle.Restart;
import dev.pipelinejob.operator.lifecycle.Round;
import dev.pipelinejob.operator.lifecycle.Seat;
import dev.pipelinejob.operator.lifecycle.SlotView;
import dev.pipelinejob.operator.monitor.Roster;
import dev.pipelinejob.operator.monitor.WorkerReport;
import dev.pipelinejob.operator.planning.AttemptRecord;
import dev.pipelinejob.operator.planning.PlanFigures;
import dev.pipelinejob.operator.planning.PlanningOutcome;
import dev.pipelinejob.operator.status.Conditions;
import dev.pipelinejob.placement.plan.Plan;
import dev.pipelinejob.placement.plan.Stage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// One round's facts as the status that people read.
final class StatusComposer {
    private static final double MICROS_A_SECOND = 1e6;
    /// A file has no generations: it is read once.
    private static final long GENERATION = 1;

    private final Path model;
    private final long driverPid;
    private List<Condition> conditions = List.of();

    StatusComposer(Path model, long driverPid) {
        this.model = model;
        this.driverPid = driverPid;
    }

    /// What a status is made from.
    record Facts(
            Observation seen,
            Round round,
            Training training,
            Roster roster,
            @Nullable AttemptRecord attempt,
            PlanningOutcome.@Nullable Planned newestPlan,
            PlanningOutcome.@Nullable Planned attemptPlan,
            List<Recovery> recoveries) {}

    /// @param now when, for conditions that change
    LocalStatus compose(Facts facts, Instant now) {
        PlanningOutcome.Planned newest = facts.newestPlan();
        boolean measured = newest != null && newest.figures().profiled();
        conditions = Conditions.of(conditions, GENERATION, facts.seen(), facts.round(), measured, now);
        PipelineJobStatus status = new PipelineJobStatus(
                GENERATION,
                state(facts.round().state()),
                ready(facts),
                conditions,
                placement(facts),
                progress(facts),
                checkpoint(facts.seen().inventory()),
                Files.exists(model) ? new ModelStatus(model.toUri().toString()) : null,
                facts.attempt() == null ? null : facts.attempt().attempt(),
                facts.round().journal().restarts(),
                facts.round().journal().history().stream()
                        .map(StatusComposer::restart)
                        .toList());
        return new LocalStatus(
                status, facts.round().sentence(), workers(facts), edges(facts), facts.recoveries(), driverPid);
    }

    private static JobState state(dev.pipelinejob.operator.lifecycle.JobState state) {
        return switch (state) {
            case SUSPENDED, PLANNING -> JobState.PENDING;
            case STARTING, PREPARING -> JobState.STARTING;
            case RUNNING -> JobState.RUNNING;
            case RESTARTING -> JobState.RESTARTING;
            case COMPLETE -> JobState.COMPLETE;
            case FAILED -> JobState.FAILED;
        };
    }

    private static String ready(Facts facts) {
        List<SlotView> slots = facts.seen().slots();
        long up = slots.stream()
                .filter(slot -> slot.engine() instanceof EngineState.Up && slot.presence() instanceof Presence.Up)
                .count();
        return up + "/" + slots.size();
    }

    private static @Nullable PlacementStatus placement(Facts facts) {
        PlanningOutcome.Planned newest = facts.newestPlan();
        AttemptRecord attempt = facts.attempt();
        if (attempt != null) {
            return newest != null && newest.reference().digest().equals(attempt.digest())
                    ? placement(attempt.plan(), newest.figures(), facts.training())
                    : placement(attempt.plan(), attempt.figures(), facts.training());
        }
        return newest == null ? null : placement(newest.plan(), newest.figures(), facts.training());
    }

    private static PlacementStatus placement(Plan used, PlanFigures figures, Training training) {
        OptionalLong measured = training.measuredStepMicros();
        return new PlacementStatus(
                schedule(used),
                used.stages().size(),
                Math.round(figures.predictedStepMicros()),
                Math.round(figures.lowerBoundMicros()),
                String.format(Locale.ROOT, "%.1f", figures.gapPercent()),
                figures.boundKind(),
                figures.profiled() ? CostSource.PROFILED : CostSource.ESTIMATED,
                measured.isEmpty()
                        ? null
                        : String.format(Locale.ROOT, "%.2f", measured.getAsLong() / figures.predictedStepMicros()),
                figures.solveMillis());
    }

    private static Schedule schedule(Plan plan) {
        return switch (plan.schedule()) {
            case GPIPE -> Schedule.GPIPE;
            case ONE_FORWARD_ONE_BACKWARD -> Schedule.ONE_FORWARD_ONE_BACKWARD;
        };
    }

    private static ProgressStatus progress(Facts facts) {
        Training training = facts.training();
        int total = facts.seen().job().totalSteps();
        int step = Math.max(training.step(), finalStep(facts.seen().inventory()));
        OptionalLong micros = training.measuredStepMicros();
        return new ProgressStatus(
                step,
                total,
                training.loss().isEmpty()
                        ? null
                        : Double.toString(training.loss().getAsDouble()),
                micros.isEmpty() ? null : micros.getAsLong(),
                micros.isEmpty() ? null : Math.round((total - step) * micros.getAsLong() / MICROS_A_SECOND),
                null);
    }

    private static int finalStep(@Nullable Inventory inventory) {
        return inventory == null ? 0 : inventory.finalStep();
    }

    private static @Nullable CheckpointStatus checkpoint(@Nullable Inventory inventory) {
        return inventory == null || inventory.committedSteps().isEmpty()
                ? null
                : new CheckpointStatus(inventory.committedSteps().getFirst(), null);
    }

    private static RestartRecord restart(Restart restart) {
        return new RestartRecord(
                restart.attempt(),
                restart.cause().word(),
                restart.detail(),
                restart.slot() < 0 ? null : restart.slot(),
                null,
                null,
                restart.detectedAt(),
                restart.firstStepAt(),
                restart.regainedAt(),
                restart.resumedStep(),
                restart.lostSteps(),
                restart.lastLog());
    }

    private static List<LocalStatus.Worker> workers(Facts facts) {
        List<LocalStatus.Worker> workers = new ArrayList<>();
        for (SlotView slot : facts.seen().slots()) {
            workers.add(worker(slot, facts));
        }
        return workers;
    }

    private static LocalStatus.Worker worker(SlotView slot, Facts facts) {
        WorkerReport report = facts.roster().report(slot.slot());
        AttemptRecord newest = facts.attempt();
        int rank = newest == null
                ? -1
                : newest.seats().stream()
                        .filter(seat -> seat.slot() == slot.slot())
                        .mapToInt(Seat::rank)
                        .findFirst()
                        .orElse(-1);
        AttemptReport attempt = slot.report();
        EngineState.Up engine = slot.engine() instanceof EngineState.Up up ? up : null;
        return new LocalStatus.Worker(
                rank,
                slot.slot(),
                report == null ? 0 : report.worker().incarnation(),
                newest == null || rank < 0 ? List.of() : stages(newest.plan(), rank),
                engine == null ? 0 : engine.pid(),
                report == null ? 0 : report.supervisorPid(),
                engine != null && engine.standbyReady(),
                attempt == null ? 0 : attempt.attempt(),
                state(slot, attempt),
                attempt == null ? 0 : attempt.step());
    }

    private static List<LocalStatus.Edge> edges(Facts facts) {
        PlanningOutcome.Planned plan = facts.attemptPlan();
        return plan == null
                ? List.of()
                : facts.training().traffic().beside(plan.executable().operations());
    }

    private static List<Integer> stages(Plan plan, int rank) {
        return plan.stagesOf(rank).stream().map(Stage::index).toList();
    }

    private static String state(SlotView slot, @Nullable AttemptReport attempt) {
        if (!(slot.presence() instanceof Presence.Up)) {
            return slot.presence().getClass().getSimpleName();
        }
        if (slot.engine() instanceof EngineState.Down) {
            return "Starting";
        }
        return attempt == null
                ? "Idle"
                : attempt.phase().name().charAt(0)
                        + attempt.phase().name().substring(1).toLowerCase(Locale.ROOT);
    }
}
