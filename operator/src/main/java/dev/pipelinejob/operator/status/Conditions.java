package dev.pipelinejob.operator.status;

import dev.pipelinejob.api.ConditionTypes;
import dev.pipelinejob.api.v1alpha1.PipelineJobStatus.Condition;
import dev.pipelinejob.api.v1alpha1.PipelineJobStatus.ConditionStatus;
import dev.pipelinejob.operator.lifecycle.Hold;
import dev.pipelinejob.operator.lifecycle.JobState;
import dev.pipelinejob.operator.lifecycle.Journal;
import dev.pipelinejob.operator.lifecycle.Observation;
import dev.pipelinejob.operator.lifecycle.PlanningState;
import dev.pipelinejob.operator.lifecycle.Restart;
import dev.pipelinejob.operator.lifecycle.Round;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The conditions of a job, in batch/v1's words. A condition keeps its transition time while its status stays, and
/// Complete and Failed never flip back.
public final class Conditions {
    private static final int MAX_MESSAGE = 4096;

    private final List<Condition> before;
    private final long generation;
    private final Instant now;
    private final List<Condition> after = new ArrayList<>();

    private Conditions(List<Condition> before, long generation, Instant now) {
        this.before = before;
        this.generation = generation;
        this.now = now;
    }

    /// The conditions after a round.
    ///
    /// @param before those of the last status; empty for the first
    /// @param generation of the spec that was observed
    /// @param measured whether the plan in use rests on measured costs
    public static List<Condition> of(
            List<Condition> before, long generation, Observation seen, Round round, boolean measured, Instant now) {
        Conditions conditions = new Conditions(before, generation, now);
        conditions.suspended(seen.job().hold(), round);
        conditions.placed(seen.planning(), measured);
        conditions.running(seen, round);
        conditions.restarting(round);
        conditions.ended(round.journal().ended());
        return List.copyOf(conditions.after);
    }

    /// Like batch/v1's: there from the first suspension on, and true once the workers are let go.
    private void suspended(Hold hold, Round round) {
        if (round.state() == JobState.SUSPENDED) {
            put(ConditionTypes.SUSPENDED, true, hold.reason(), round.sentence());
        } else if (old(ConditionTypes.SUSPENDED) != null && round.journal().ended() == null) {
            put(ConditionTypes.SUSPENDED, false, Hold.NONE.reason(), Hold.NONE.sentence());
        }
    }

    private void placed(PlanningState planning, boolean measured) {
        switch (planning) {
            case PlanningState.NotAsked _, PlanningState.InProgress _ -> {
                Condition old = old(ConditionTypes.PLACED);
                if (old != null) {
                    after.add(old);
                } else {
                    put(ConditionTypes.PLACED, false, "Planning", "The planner is at work.");
                }
            }
            case PlanningState.Infeasible infeasible ->
                put(ConditionTypes.PLACED, false, "PlacementInfeasible", infeasible.sentence());
            case PlanningState.Broken(String detail) -> put(ConditionTypes.PLACED, false, "PlanningFailed", detail);
            case PlanningState.Proposed proposed ->
                put(
                        ConditionTypes.PLACED,
                        true,
                        "PlacementFeasible",
                        "%d workers, with %s costs."
                                .formatted(proposed.plan().places().size(), measured ? "measured" : "estimated"));
        }
    }

    private void running(Observation seen, Round round) {
        boolean trains = round.state() == JobState.RUNNING;
        boolean prepared = trains || isRestartPrepared(seen, round);
        put(ConditionTypes.WORKERS_READY, prepared, prepared ? "AllReady" : word(round.state()), round.sentence());
        put(ConditionTypes.PROGRESSING, trains, trains ? "StepsCompleted" : word(round.state()), round.sentence());
    }

    /// A restart counts as over with its first step only; its workers are ready before that.
    private static boolean isRestartPrepared(Observation seen, Round round) {
        return round.state() == JobState.RESTARTING
                && round.journal().open() == null
                && seen.newestAttempt() != null
                && seen.newestAttempt().seats().stream()
                        .allMatch(seat -> seen.slot(seat.slot()).report() != null
                                && seen.slot(seat.slot()).orders().start() != null);
    }

    private static String word(JobState state) {
        return state.word();
    }

    private void restarting(Round round) {
        Journal journal = round.journal();
        if (round.state() != JobState.RESTARTING) {
            put(ConditionTypes.RESTARTING, false, "NotRestarting", null);
        } else if (journal.open() != null) {
            put(
                    ConditionTypes.RESTARTING,
                    true,
                    journal.open().cause().word(),
                    journal.open().detail());
        } else if (!journal.history().isEmpty()) {
            Restart last = journal.history().getLast();
            put(ConditionTypes.RESTARTING, true, last.cause().word(), last.detail());
        }
    }

    private void ended(Journal.@Nullable Ending ended) {
        if (ended == null) {
            put(ConditionTypes.COMPLETE, false, "NotComplete", null);
            put(ConditionTypes.FAILED, false, "NotFailed", null);
        } else if (ended.complete()) {
            put(ConditionTypes.COMPLETE, true, ended.reason(), ended.message());
            put(ConditionTypes.FAILED, false, "NotFailed", null);
        } else {
            put(ConditionTypes.COMPLETE, false, "NotComplete", null);
            put(ConditionTypes.FAILED, true, ended.reason(), ended.message());
        }
    }

    private void put(String type, boolean holds, String reason, @Nullable String message) {
        ConditionStatus status = holds ? ConditionStatus.TRUE : ConditionStatus.FALSE;
        Condition old = old(type);
        Instant since = old != null && old.status() == status ? old.lastTransitionTime() : now;
        String text = message == null || message.length() <= MAX_MESSAGE ? message : message.substring(0, MAX_MESSAGE);
        after.add(new Condition(type, status, reason, text, generation, since));
    }

    private @Nullable Condition old(String type) {
        return before.stream()
                .filter(condition -> condition.type().equals(type))
                .findFirst()
                .orElse(null);
    }
}
