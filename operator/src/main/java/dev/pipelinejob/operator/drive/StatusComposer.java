package dev.pipelinejob.operator.drive;

import dev.pipelinejob.api.v1alpha1.Pipeline.Schedule;
import dev.pipelinejob.api.v1alpha1.PipelineJobStatus;
import dev.pipelinejob.api.v1alpha1.PipelineJobStatus.CheckpointStatus;
import dev.pipelinejob.api.v1alpha1.PipelineJobStatus.Condition;
import dev.pipelinejob.api.v1alpha1.PipelineJobStatus.CostSource;
import dev.pipelinejob.api.v1alpha1.PipelineJobStatus.CrossingStatus;
import dev.pipelinejob.api.v1alpha1.PipelineJobStatus.JobState;
import dev.pipelinejob.api.v1alpha1.PipelineJobStatus.ModelStatus;
import dev.pipelinejob.api.v1alpha1.PipelineJobStatus.PlacementStatus;
import dev.pipelinejob.api.v1alpha1.PipelineJobStatus.ProgressStatus;
import dev.pipelinejob.operator.lifecycle.ClaimedAttempt;
import dev.pipelinejob.operator.lifecycle.EngineState;
import dev.pipelinejob.operator.lifecycle.Inventory;
import dev.pipelinejob.operator.lifecycle.Journal;
import dev.pipelinejob.operator.lifecycle.Observation;
import dev.pipelinejob.operator.lifecycle.PlanningState;
import dev.pipelinejob.operator.lifecycle.Presence;
import dev.pipelinejob.operator.lifecycle.Round;
import dev.pipelinejob.operator.lifecycle.Seat;
import dev.pipelinejob.operator.lifecycle.SlotView;
import dev.pipelinejob.operator.monitor.Roster;
import dev.pipelinejob.operator.planning.AttemptRecord;
import dev.pipelinejob.operator.planning.PlanFigures;
import dev.pipelinejob.operator.planning.PlanningOutcome;
import dev.pipelinejob.operator.status.Conditions;
import dev.pipelinejob.placement.plan.Plan;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// One round's facts as the status that people read.
public final class StatusComposer {
    private static final double MICROS_A_SECOND = 1e6;

    private List<Condition> conditions;
    private @Nullable CheckpointStatus checkpoint;

    /// @param last the last status, whose transition times go on; null for the first
    public StatusComposer(@Nullable PipelineJobStatus last) {
        this.conditions = last == null || last.conditions() == null ? List.of() : List.copyOf(last.conditions());
        this.checkpoint = last == null ? null : last.checkpoint();
    }

    /// What a status is made from.
    ///
    /// @param seen what was observed
    /// @param round what was decided
    /// @param training how far it is
    /// @param roster the workers' last words
    /// @param attempt the newest record; null before the first
    /// @param newestPlan the newest plan; null before the first
    /// @param attemptPlan the plan that the newest attempt follows; null when it is not known
    /// @param recoveries where the time of the last recoveries went
    public record Facts(
            Observation seen,
            Round round,
            Training training,
            Roster roster,
            @Nullable AttemptRecord attempt,
            PlanningOutcome.@Nullable Planned newestPlan,
            PlanningOutcome.@Nullable Planned attemptPlan,
            List<Recovery> recoveries) {
        public Facts {
            recoveries = List.copyOf(recoveries);
        }

        /// The same, of a job that is held: nothing is wrong, and nothing is done.
        ///
        /// @param sentence why
        public Facts held(String sentence) {
            Round held = new Round(
                    List.of(), round.journal(), dev.pipelinejob.operator.lifecycle.JobState.SUSPENDED, sentence);
            return new Facts(seen, held, training, roster, attempt, newestPlan, attemptPlan, recoveries);
        }
    }

    /// The status of the resource.
    ///
    /// @param generation of the spec that was observed
    /// @param modelUri where the finished model is; null while there is none
    /// @param now when, for conditions that change
    public PipelineJobStatus compose(Facts facts, long generation, @Nullable String modelUri, Instant now) {
        conditions = Conditions.of(conditions, generation, facts.seen(), facts.round(), facts.newestPlan(), now);
        checkpoint = checkpoint(facts.seen().inventory(), now);
        return new PipelineJobStatus(
                generation,
                state(facts.round().state()),
                ready(facts),
                spares(facts),
                conditions,
                placement(facts),
                progress(facts, now),
                checkpoint,
                modelUri == null ? null : new ModelStatus(modelUri),
                facts.attempt() == null ? null : facts.attempt().attempt(),
                facts.round().journal().restarts(),
                RestartRecords.newestFirst(facts.round().journal().history()));
    }

    private static JobState state(dev.pipelinejob.operator.lifecycle.JobState state) {
        return switch (state) {
            case SUSPENDED, SUSPENDING -> JobState.SUSPENDED;
            case PENDING, PLANNING -> JobState.PENDING;
            case STARTING, PREPARING -> JobState.STARTING;
            case RUNNING -> JobState.RUNNING;
            case RESTARTING -> JobState.RESTARTING;
            case COMPLETE -> JobState.COMPLETE;
            case FAILED -> JobState.FAILED;
        };
    }

    private static String ready(Facts facts) {
        Set<Integer> ranks = ranks(facts);
        return ready(facts, ranks::contains) + "/" + ranks.size();
    }

    private static @Nullable String spares(Facts facts) {
        Set<Integer> ranks = ranks(facts);
        int wanted = facts.seen().job().spares();
        return wanted == 0 ? null : ready(facts, slot -> !ranks.contains(slot)) + "/" + wanted;
    }

    private static long ready(Facts facts, IntPredicate counts) {
        return facts.seen().slots().stream()
                .filter(slot -> counts.test(slot.slot()))
                .filter(slot -> slot.engine() instanceof EngineState.Up && slot.presence() instanceof Presence.Up)
                .count();
    }

    /// The slots that have a rank, or are to get one.
    private static Set<Integer> ranks(Facts facts) {
        Observation seen = facts.seen();
        ClaimedAttempt newest = seen.newestAttempt();
        if (newest != null && facts.round().journal().open() == null) {
            return newest.seats().stream().map(Seat::slot).collect(Collectors.toSet());
        }
        return seen.planning() instanceof PlanningState.Proposed proposed
                ? Set.copyOf(proposed.plan().slots())
                : seen.slots().stream().map(SlotView::slot).collect(Collectors.toSet());
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
                figures.solveMillis(),
                figures.crossings().stream()
                        .map(crossing ->
                                new CrossingStatus(crossing.level(), crossing.pairs(), crossing.bytesPerStep()))
                        .toList());
    }

    private static Schedule schedule(Plan plan) {
        return switch (plan.schedule()) {
            case GPIPE -> Schedule.GPIPE;
            case ONE_FORWARD_ONE_BACKWARD -> Schedule.ONE_FORWARD_ONE_BACKWARD;
        };
    }

    private static ProgressStatus progress(Facts facts, Instant now) {
        Training training = facts.training();
        int total = facts.seen().job().totalSteps();
        int step = Math.max(
                Math.max(training.step(), reportedStep(facts.seen())),
                finalStep(facts.seen().inventory()));
        OptionalLong micros = training.measuredStepMicros();
        Journal.Ending ended = facts.round().journal().ended();
        return new ProgressStatus(
                step,
                total,
                training.loss().isEmpty()
                        ? null
                        : Double.toString(training.loss().getAsDouble()),
                micros.isEmpty() ? null : micros.getAsLong(),
                micros.isEmpty() ? null : Math.round((total - step) * micros.getAsLong() / MICROS_A_SECOND),
                Goodput.percent(facts.seen().attempts(), training, ended == null ? now : ended.at()));
    }

    /// What workers say that have called a driver which has not seen them train.
    private static int reportedStep(Observation seen) {
        ClaimedAttempt newest = seen.newestAttempt();
        return seen.slots().stream()
                .map(SlotView::report)
                .filter(report -> report != null && newest != null && report.attempt() == newest.number())
                .mapToInt(report -> report == null ? 0 : report.step())
                .max()
                .orElse(0);
    }

    private static int finalStep(@Nullable Inventory inventory) {
        return inventory == null ? 0 : inventory.finalStep();
    }

    /// The newest one keeps the time at which it was seen first.
    private @Nullable CheckpointStatus checkpoint(@Nullable Inventory inventory, Instant now) {
        if (inventory == null || inventory.committedSteps().isEmpty()) {
            return checkpoint;
        }
        int newest = inventory.committedSteps().getFirst();
        return checkpoint != null && Objects.equals(checkpoint.lastStep(), newest) && checkpoint.time() != null
                ? checkpoint
                : new CheckpointStatus(newest, now);
    }
}
