package dev.pipelinejob.operator.reconcile;

import dev.pipelinejob.operator.apply.EventRecorder.News;
import dev.pipelinejob.operator.drive.JobCore;
import dev.pipelinejob.operator.drive.Recovery;
import dev.pipelinejob.operator.lifecycle.Decision;
import dev.pipelinejob.operator.lifecycle.Fault;
import dev.pipelinejob.operator.lifecycle.Inventory;
import dev.pipelinejob.operator.lifecycle.PlanReference;
import dev.pipelinejob.operator.planning.PlanningOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What of a job's life people want to be told, each thing once.
final class JobNews {
    private static final double MILLIS_A_SECOND = 1000;
    private static final double MICROS_A_MILLI = 1000;
    /// Of checkpoints nobody is told more often.
    static final Duration CHECKPOINT_NEWS = Duration.ofMinutes(10);

    private String plan = "";
    private Instant faultAt = Instant.EPOCH;
    /// The newest committed step that was seen; -1 before the store was looked into.
    private int committed = -1;

    private int toldOfStep;
    private Instant toldOfStepAt = Instant.EPOCH;

    /// What is new since the last time.
    List<News> of(JobCore.Outcome.Settled settled, Instant now) {
        List<News> news = new ArrayList<>();
        PlanningOutcome.Planned newest = settled.facts().newestPlan();
        if (newest != null && !newest.reference().digest().equals(plan)) {
            plan = newest.reference().digest();
            news.add(new News(false, "Planned", planned(newest)));
        }
        Fault fault = settled.facts().round().journal().open();
        if (fault != null && fault.detectedAt().isAfter(faultAt)) {
            faultAt = fault.detectedAt();
            news.add(new News(true, fault.cause().word(), fault.detail()));
        }
        for (Decision decision : settled.decided()) {
            News each = of(decision);
            if (each != null) {
                news.add(each);
            }
        }
        News checkpoint = checkpoint(settled.facts().seen().inventory(), now);
        if (checkpoint != null) {
            news.add(checkpoint);
        }
        settled.recovered().forEach(recovery -> news.add(new News(false, "Restarted", restarted(recovery))));
        return news;
    }

    /// The first commit, and then one of many: people want to know that there are some.
    private @Nullable News checkpoint(@Nullable Inventory inventory, Instant now) {
        if (inventory == null) {
            return null;
        }
        int newest = inventory.committedSteps().stream()
                .mapToInt(Integer::intValue)
                .max()
                .orElse(0);
        boolean fresh = committed >= 0 && newest > committed;
        committed = Math.max(committed, newest);
        if (!fresh || now.isBefore(toldOfStepAt.plus(CHECKPOINT_NEWS))) {
            return null;
        }
        String since = toldOfStep == 0 ? "" : " The last one that was told of here is that of step " + toldOfStep + ".";
        toldOfStep = newest;
        toldOfStepAt = now;
        return new News(
                false, "CheckpointCommitted", "The checkpoint of step %d is committed.".formatted(newest) + since);
    }

    private static String planned(PlanningOutcome.Planned plan) {
        return String.format(
                Locale.ROOT,
                "%d stages for %d workers on %s; a step is predicted to take %.1f ms, %.1f %% above the bound.",
                plan.plan().stages().size(),
                plan.plan().slots().size(),
                nodes(plan.reference()),
                plan.figures().predictedStepMicros() / MICROS_A_MILLI,
                plan.figures().gapPercent());
    }

    private static @Nullable News of(Decision decision) {
        return switch (decision) {
            case Decision.ReplaceSlot replace ->
                new News(
                        true,
                        "WorkerReplaced",
                        "Slot %d gets worker number %d on node %s: %s"
                                .formatted(replace.slot(), replace.incarnation(), replace.node(), replace.reason()));
            case Decision.ForceDelete force -> new News(true, "WorkerRemoved", force.reason());
            case Decision.ClaimAttempt claim ->
                new News(
                        false,
                        "AttemptStarted",
                        "Attempt %d starts from step %d on %s."
                                .formatted(claim.number(), claim.resumeStep(), nodes(claim.plan())));
            case Decision.Complete complete ->
                new News(false, "Completed", "All %d steps are trained.".formatted(complete.step()));
            case Decision.Fail fail -> new News(true, fail.reason(), fail.message());
            case Decision.Plan _,
                    Decision.StartSlot _,
                    Decision.Prepare _,
                    Decision.StartTraining _,
                    Decision.AbortAttempt _,
                    Decision.PauseAttempt _,
                    Decision.KillEngine _,
                    Decision.ReleaseSlot _,
                    Decision.DeleteJob _,
                    Decision.WaitUntil _ -> null;
        };
    }

    private static String nodes(PlanReference plan) {
        return plan.places().stream().map(PlanReference.Place::node).collect(Collectors.joining(", "));
    }

    private static String restarted(Recovery recovery) {
        Instant first = recovery.firstStepAt();
        double seconds = first == null
                ? 0
                : Duration.between(recovery.detectedAt(), first).toMillis() / MILLIS_A_SECOND;
        return String.format(
                Locale.ROOT,
                "Attempt %d completed its first step %.1f s after the failure was seen.",
                recovery.attempt(),
                seconds);
    }
}
