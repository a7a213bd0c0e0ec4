package dev.pipelinejob.operator.status;

import dev.pipelinejob.api.ConditionTypes;
import dev.pipelinejob.api.v1alpha1.PipelineJobStatus.Condition;
import dev.pipelinejob.operator.lifecycle.Hold;
import dev.pipelinejob.operator.lifecycle.JobState;
import dev.pipelinejob.operator.lifecycle.Journal;
import dev.pipelinejob.operator.lifecycle.Observation;
import dev.pipelinejob.operator.lifecycle.PlanningState;
import dev.pipelinejob.operator.lifecycle.Restart;
import dev.pipelinejob.operator.lifecycle.Round;
import dev.pipelinejob.operator.planning.PlanningOutcome;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The conditions of a job, in batch/v1's words. A condition keeps its transition time while its status stays, and
/// Complete and Failed never flip back.
public final class Conditions {
    private final ConditionList list;

    private Conditions(ConditionList list) {
        this.list = list;
    }

    /// The conditions after a round.
    ///
    /// @param before those of the last status; empty for the first
    /// @param generation of the spec that was observed
    /// @param plan the newest one; null when this operator has made none
    public static List<Condition> of(
            List<Condition> before,
            long generation,
            Observation seen,
            Round round,
            PlanningOutcome.@Nullable Planned plan,
            Instant now) {
        Conditions conditions = new Conditions(new ConditionList(before, generation, now));
        conditions.suspended(seen.job().hold(), round);
        conditions.placed(seen.planning(), plan);
        conditions.running(seen, round);
        conditions.restarting(round);
        conditions.exact(seen, round.journal());
        conditions.ended(round.journal().ended());
        return conditions.list.all();
    }

    /// Like batch/v1's: there from the first suspension on, and true once the workers are let go.
    private void suspended(Hold hold, Round round) {
        if (round.state() == JobState.SUSPENDED) {
            list.put(ConditionTypes.SUSPENDED, true, hold.reason(), round.sentence());
        } else if (list.old(ConditionTypes.SUSPENDED) != null && round.journal().ended() == null) {
            list.put(ConditionTypes.SUSPENDED, false, Hold.NONE.reason(), Hold.NONE.sentence());
        }
    }

    private void placed(PlanningState planning, PlanningOutcome.@Nullable Planned plan) {
        switch (planning) {
            case PlanningState.NotAsked _, PlanningState.InProgress _ -> {
                Condition old = list.old(ConditionTypes.PLACED);
                if (old != null) {
                    list.keep(old);
                } else {
                    list.put(ConditionTypes.PLACED, false, "Planning", "The planner is at work.");
                }
            }
            case PlanningState.Infeasible infeasible ->
                list.put(ConditionTypes.PLACED, false, "PlacementInfeasible", infeasible.sentence());
            case PlanningState.Broken(String detail) ->
                list.put(ConditionTypes.PLACED, false, "PlanningFailed", detail);
            case PlanningState.Proposed proposed ->
                list.put(
                        ConditionTypes.PLACED,
                        true,
                        "PlacementFeasible",
                        "%d workers".formatted(proposed.plan().places().size())
                                + (plan == null ? "." : ": " + PlacementSentence.of(plan)));
        }
    }

    private void running(Observation seen, Round round) {
        boolean trains = round.state() == JobState.RUNNING;
        boolean prepared = trains || isRestartPrepared(seen, round);
        list.put(ConditionTypes.PODS_READY, prepared, prepared ? "AllReady" : word(round.state()), round.sentence());
        list.put(ConditionTypes.PROGRESSING, trains, trains ? "StepsCompleted" : word(round.state()), round.sentence());
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
            list.put(ConditionTypes.RESTARTING, false, "NotRestarting", null);
        } else if (journal.open() != null) {
            list.put(
                    ConditionTypes.RESTARTING,
                    true,
                    journal.open().cause().word(),
                    journal.open().detail());
        } else if (!journal.history().isEmpty()) {
            Restart last = journal.history().getLast();
            list.put(ConditionTypes.RESTARTING, true, last.cause().word(), last.detail());
        }
    }

    /// From the first attempt on; what was inexact once stays so.
    private void exact(Observation seen, Journal journal) {
        if (journal.inexact() != null) {
            list.put(ConditionTypes.TRAJECTORY_EXACT, false, "NumericsDiffer", journal.inexact());
        } else if (seen.newestAttempt() != null) {
            list.put(
                    ConditionTypes.TRAJECTORY_EXACT,
                    true,
                    "NumericsAlike",
                    "All engines so far are of one kind: losses are those of an undisturbed run, bit for bit.");
        }
    }

    private void ended(Journal.@Nullable Ending ended) {
        if (ended == null) {
            list.put(ConditionTypes.COMPLETE, false, "NotComplete", null);
            list.put(ConditionTypes.FAILED, false, "NotFailed", null);
        } else if (ended.complete()) {
            list.put(ConditionTypes.COMPLETE, true, ended.reason(), ended.message());
            list.put(ConditionTypes.FAILED, false, "NotFailed", null);
        } else {
            list.put(ConditionTypes.COMPLETE, false, "NotComplete", null);
            list.put(ConditionTypes.FAILED, true, ended.reason(), ended.message());
        }
    }
}
