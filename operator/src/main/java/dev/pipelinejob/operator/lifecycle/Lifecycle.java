package dev.pipelinejob.operator.lifecycle;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The life of a job: what is seen and the time in, what to do out. Asks the policies, the other files of this
/// package, in their order: is it over, is it held, what is wrong, what has to be made new, what comes next.
public final class Lifecycle {
    private final Observation seen;
    private final Alarm alarm;
    private final BudgetPolicy budget;
    private Journal journal;

    private Lifecycle(Observation seen, Instant now) {
        this.seen = seen;
        this.alarm = new Alarm(now);
        this.budget = new BudgetPolicy(seen.job().failurePolicy());
        this.journal = seen.journal();
    }

    /// Decides. Call it whenever anything has changed, and at the instant of the last
    /// {@link Decision.WaitUntil}; with nothing changed and the same time it decides the same.
    public static Round decide(Observation seen, Instant now) {
        return new Lifecycle(seen, now).decide();
    }

    private Round decide() {
        if (journal.ended() != null) {
            return round(
                    release("the job is over"),
                    state(journal.ended()),
                    journal.ended().message());
        }
        Inventory inventory = seen.inventory();
        if (inventory != null && inventory.finalStep() > 0) {
            return complete(inventory.finalStep());
        }
        Instant deadline = seen.job().deadline();
        if (deadline != null && alarm.reached(deadline, "the job's deadline")) {
            return fail(new Finding.Fatal(
                    "DeadlineExceeded",
                    "Job %s did not complete before its deadline %s; raise spec.activeDeadlineSeconds."
                            .formatted(seen.job().name(), deadline),
                    false));
        }
        journal = HistoryPolicy.update(seen, journal);
        return seen.job().suspended() ? hold() : goOn();
    }

    private Round hold() {
        ClaimedAttempt newest = seen.newestAttempt();
        if (newest != null && journal.open() == null) {
            Finding held =
                    Finding.of(Cause.SUSPENDED, Finding.NOBODY, new Finding.Remedy.Nothing(), "The job was suspended.");
            record(List.of(held));
        }
        return round(release("the job is suspended"), JobState.SUSPENDED, "Suspended by spec.suspend.");
    }

    private Round goOn() {
        journal = journal.withChargedAt(budget.stillCounted(journal.chargedAt(), healthySince(), alarm.now()));
        List<Finding> findings = new Evidence(seen, journal, alarm).gather();
        for (Finding finding : findings) {
            if (finding.fatal() != null) {
                return fail(finding.fatal());
            }
        }
        if (!findings.isEmpty()) {
            record(findings);
            // With the attempt over, its slots are looked at by their processes too; that is still the same failure.
            List<Finding> more = new Evidence(seen, journal, alarm).gather();
            if (!more.isEmpty()) {
                record(more);
            }
            if (budget.exhausted(journal.chargedAt())) {
                return fail(exhausted(findings.getFirst()));
            }
        }
        ClaimedAttempt newest = seen.newestAttempt();
        return newest == null || journal.open() != null ? next() : follow(newest);
    }

    private void record(List<Finding> findings) {
        journal = new FaultPolicy(seen, budget, alarm.now()).record(journal, findings);
    }

    /// Since when the job has trained without a failure; null while it does not train.
    private @Nullable Instant healthySince() {
        ClaimedAttempt newest = seen.newestAttempt();
        if (newest == null || journal.open() != null || !new StartPolicy(seen, newest, alarm).isTraining()) {
            return null;
        }
        Restart last = journal.history().isEmpty() ? null : journal.history().getLast();
        if (last == null || last.attempt() != newest.number()) {
            return newest.claimedAt();
        }
        return last.firstStepAt();
    }

    private Finding.Fatal exhausted(Finding last) {
        FailurePolicy policy = seen.job().failurePolicy();
        String message =
                "Job %s failed %d times within %d s, which is more than spec.failurePolicy.maxRestarts %d allows. The last time: %s"
                        .formatted(
                                seen.job().name(),
                                journal.chargedAt().size(),
                                policy.window().toSeconds(),
                                policy.maxRestarts(),
                                last.detail());
        return new Finding.Fatal("BackoffLimitExceeded", message, false);
    }

    private Round next() {
        Fault open = journal.open();
        Instant notBefore = open == null ? alarm.now() : budget.notBefore(journal.chargedAt(), open);
        List<Decision> decisions = new ArrayList<>(new RepairPolicy(journal, notBefore, alarm).repair(seen.slots()));
        NextAttemptPolicy.Step step = new NextAttemptPolicy(seen, journal, notBefore, alarm).proceed();
        if (step.fatal() != null) {
            return fail(step.fatal());
        }
        boolean claims = step.decisions().stream().anyMatch(Decision.ClaimAttempt.class::isInstance);
        if (open != null && !claims) {
            decisions.addAll(aborts(open));
        }
        decisions.addAll(step.decisions());
        return round(decisions, step.state(), step.sentence());
    }

    /// Stops the survivors while they have to wait, so that they do not sit in a receive; a claim needs no abort,
    /// because `Prepare` aborts what runs.
    private List<Decision> aborts(Fault open) {
        List<Decision> decisions = new ArrayList<>();
        for (SlotView view : seen.slots()) {
            AttemptReport report = view.report();
            Orders.Sent sent = view.orders().abort();
            if (report != null
                    && report.attempt() == open.attempt()
                    && report.phase() != WorkerPhase.FAILED
                    && view.presence() instanceof Presence.Up
                    && view.session() instanceof Session.Connected
                    && (sent == null || sent.attempt() != open.attempt())) {
                decisions.add(new Decision.AbortAttempt(open.attempt(), view.slot(), open.detail()));
            }
        }
        return decisions;
    }

    private Round follow(ClaimedAttempt attempt) {
        StartPolicy start = new StartPolicy(seen, attempt, alarm);
        String digest = start.dataDigest();
        if (digest != null) {
            Finding.Fatal changed = DataPolicy.check(seen.job().name(), journal.dataDigest(), digest);
            if (changed != null) {
                return fail(changed);
            }
            journal = journal.withDataDigest(digest);
        }
        List<Decision> decisions = new ArrayList<>(start.proceed());
        if (start.isTraining()
                && seen.planning() instanceof PlanningState.Proposed proposed
                && proposed.measurementsWaiting()) {
            decisions.add(new Decision.Plan("workers have measured what their stages cost"));
        }
        boolean restarting = !journal.history().isEmpty()
                && journal.history().getLast().attempt() == attempt.number()
                && journal.history().getLast().firstStepAt() == null;
        JobState state = restarting ? JobState.RESTARTING : start.isTraining() ? JobState.RUNNING : JobState.PREPARING;
        String sentence = start.isTraining()
                ? "Attempt %d trains.".formatted(attempt.number())
                : "Attempt %d prepares from step %d.".formatted(attempt.number(), attempt.resumeStep());
        return round(decisions, state, sentence);
    }

    private Round complete(int step) {
        String message = "Trained all its steps; the last is " + step + ".";
        journal = journal.withOpen(null).withEnded(new Journal.Ending(true, "Completed", message, false, alarm.now()));
        List<Decision> decisions = new ArrayList<>(List.of(new Decision.Complete(step)));
        decisions.addAll(release("the job is complete"));
        return round(decisions, JobState.COMPLETE, message);
    }

    private Round fail(Finding.Fatal fatal) {
        journal = journal.withEnded(
                new Journal.Ending(false, fatal.reason(), fatal.message(), fatal.userError(), alarm.now()));
        List<Decision> decisions =
                new ArrayList<>(List.of(new Decision.Fail(fatal.reason(), fatal.message(), fatal.userError())));
        decisions.addAll(release("the job has failed"));
        return round(decisions, JobState.FAILED, fatal.message());
    }

    private List<Decision> release(String reason) {
        return seen.slots().stream()
                .filter(view -> !(view.presence() instanceof Presence.Absent))
                .<Decision>map(view -> new Decision.ReleaseSlot(view.slot(), reason))
                .toList();
    }

    private static JobState state(Journal.Ending ended) {
        return ended.complete() ? JobState.COMPLETE : JobState.FAILED;
    }

    private Round round(List<Decision> decisions, JobState state, String sentence) {
        List<Decision> all = new ArrayList<>(decisions);
        Decision.WaitUntil wait = alarm.decision();
        if (wait != null && journal.ended() == null) {
            all.add(wait);
        }
        return new Round(all, journal, state, sentence);
    }
}
