package dev.pipelinejob.operator.lifecycle;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
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
            return over(journal.ended());
        }
        Inventory inventory = seen.inventory();
        if (inventory != null && inventory.finalStep() > 0) {
            return complete(inventory.finalStep());
        }
        journal = HistoryPolicy.update(seen, noted(journal));
        Finding.Fatal late = DeadlinePolicy.exceeded(seen, journal, alarm);
        if (late != null) {
            return fail(late);
        }
        return seen.job().suspended() ? hold() : goOn();
    }

    /// What is plain to see and has to outlive this process.
    private Journal noted(Journal before) {
        Map<Integer, Integer> incarnations = new HashMap<>();
        for (SlotView view : seen.slots()) {
            incarnations.put(view.slot(), view.presence().incarnation());
        }
        Journal next = before.withWorkers(before.workers().at(alarm.now()).withIncarnations(incarnations));
        if (next.startedAt() == null && !seen.job().suspended()) {
            next = next.withStartedAt(alarm.now());
        }
        return hasStepped() ? next.withFruitless(0).withStartsAt(null) : next;
    }

    private boolean hasStepped() {
        ClaimedAttempt newest = seen.newestAttempt();
        return newest != null
                && journal.open() == null
                && newest.seats().stream()
                        .map(seat -> seen.slot(seat.slot()).report())
                        .anyMatch(report -> report != null
                                && report.attempt() == newest.number()
                                && report.step() > newest.resumeStep());
    }

    private Round hold() {
        ClaimedAttempt newest = seen.newestAttempt();
        if (newest != null && journal.open() == null) {
            Journal.Pausing pausing = pausing(newest, Cause.SUSPENDED, "The job is suspended.");
            boolean fails =
                    !new Evidence(seen, journal, alarm).gather().inAttempt().isEmpty();
            if (pausing != null && !fails && !new PausePolicy(seen, newest, alarm).isOver(pausing)) {
                return pause(newest, pausing, JobState.SUSPENDING);
            }
            record(List.of(suspended()));
        }
        journal = journal.withStartedAt(null);
        return round(
                release("the job is suspended"),
                JobState.SUSPENDED,
                seen.job().hold().sentence());
    }

    private static Finding suspended() {
        return Finding.of(Cause.SUSPENDED, Finding.NOBODY, new Finding.Remedy.Nothing(), "The job was suspended.");
    }

    /// The pause that is under way, or begins now; null when there is nothing that it could save.
    private Journal.@Nullable Pausing pausing(ClaimedAttempt newest, Cause cause, String detail) {
        PausePolicy policy = new PausePolicy(seen, newest, alarm);
        if (journal.pausing() == null && policy.isWorthwhile()) {
            journal = journal.withPausing(new Journal.Pausing(newest.number(), cause, alarm.now(), detail));
        }
        return journal.pausing();
    }

    private Round pause(ClaimedAttempt newest, Journal.Pausing pausing, JobState state) {
        List<Decision> decisions = new ArrayList<>(new StartPolicy(seen, newest, alarm).proceed());
        decisions.addAll(new PausePolicy(seen, newest, alarm).ask(pausing));
        return round(decisions, state, pausing.detail() + " All workers write a checkpoint first.");
    }

    private Round goOn() {
        journal = journal.withChargedAt(budget.stillCounted(journal.chargedAt(), healthySince(), alarm.now()));
        ClaimedAttempt newest = seen.newestAttempt();
        Evidence.Found found = new Evidence(seen, journal, alarm).gather();
        Finding.Fatal fatal = fatal(found);
        if (fatal != null) {
            return fail(fatal);
        }
        List<Finding> first = found.inAttempt();
        if (first.isEmpty() && newest != null && journal.open() == null) {
            journal = faults().rememberSpares(journal, found.spares());
            Round pausing = drain(newest);
            if (pausing != null) {
                return pausing;
            }
        } else {
            first = record(found);
        }
        if (!first.isEmpty() && budget.exhausted(journal.chargedAt())) {
            return fail(exhausted(first.getFirst()));
        }
        return newest == null || journal.open() != null ? next() : follow(newest);
    }

    private static Finding.@Nullable Fatal fatal(Evidence.Found found) {
        return Stream.of(found.inAttempt(), found.awaited(), found.spares())
                .flatMap(List::stream)
                .map(Finding::fatal)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /// With the attempt over, its slots are looked at by their processes too; that is still the same failure.
    private List<Finding> record(Evidence.Found found) {
        List<Finding> all = new ArrayList<>(found.inAttempt());
        if (!found.inAttempt().isEmpty()) {
            record(found.inAttempt());
            found = new Evidence(seen, journal, alarm).gather();
        }
        if (!found.awaited().isEmpty()) {
            record(found.awaited());
            all.addAll(found.awaited());
        }
        journal = faults().rememberSpares(journal, found.spares());
        return all;
    }

    /// While workers of a sound attempt leave: what to do until all have paused; null when nothing is to wait for.
    private @Nullable Round drain(ClaimedAttempt newest) {
        PausePolicy policy = new PausePolicy(seen, newest, alarm);
        List<Finding> leaving = policy.leaving();
        Journal.Pausing pausing = leaving.isEmpty()
                ? journal.pausing()
                : pausing(newest, Cause.WORKER_EVICTED, leaving.getFirst().detail());
        if (pausing != null && !policy.isOver(pausing)) {
            return pause(newest, pausing, JobState.RUNNING);
        }
        if (!leaving.isEmpty()) {
            record(leaving);
        } else if (pausing != null || policy.isPaused()) {
            record(List.of(suspended()));
        }
        return null;
    }

    private void record(List<Finding> findings) {
        journal = faults().record(journal, findings);
    }

    private FaultPolicy faults() {
        return new FaultPolicy(seen, budget, alarm.now());
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
                                        last.detail())
                        + lastWords(last);
        return new Finding.Fatal("BackoffLimitExceeded", message, false);
    }

    private static String lastWords(Finding last) {
        String line = ProcessPolicy.lastLine(last.log());
        return line.isEmpty() ? "" : " Its log ends with: " + line;
    }

    private Round next() {
        List<Finding> stuck = new GangPolicy(seen, journal, alarm).find();
        if (!stuck.isEmpty()) {
            return letGo(stuck);
        }
        if (seen.planning() instanceof PlanningState.Infeasible infeasible && !infeasible.forGood()) {
            Journal relaxed = journal.withWorkers(journal.workers().withoutQuarantine());
            if (!relaxed.equals(journal)) {
                journal = relaxed;
                return round(
                        List.of(plan("only nodes in quarantine have room")), JobState.PENDING, infeasible.sentence());
            }
        }
        Fault open = journal.open();
        Instant notBefore = open == null ? alarm.now() : budget.notBefore(journal, open);
        Places places = new Places(seen, journal);
        List<Decision> decisions =
                new ArrayList<>(new RepairPolicy(seen, journal, places, notBefore, alarm).repair(seen.slots()));
        NextAttemptPolicy.Step step = new NextAttemptPolicy(seen, journal, places, notBefore, alarm).proceed();
        if (step.fatal() != null) {
            return fail(step.fatal());
        }
        if (step.inexact() != null && journal.inexact() == null) {
            journal = journal.withInexact(step.inexact());
        }
        boolean claims = step.decisions().stream().anyMatch(Decision.ClaimAttempt.class::isInstance);
        if (open != null && !claims) {
            decisions.addAll(aborts(open));
        }
        decisions.addAll(step.decisions());
        return round(decisions, step.state(), step.sentence());
    }

    private Decision.Plan plan(String reason) {
        return new Decision.Plan(reason, Workers.live(seen, journal), Workers.avoided(seen, journal));
    }

    /// Not all workers can be started: those that are there go, and after a while all are tried again.
    private Round letGo(List<Finding> stuck) {
        record(stuck);
        if (budget.exhausted(journal.chargedAt())) {
            return fail(exhausted(stuck.getFirst()));
        }
        Instant again = budget.startsAt(journal, seen.job().name(), alarm.now());
        journal = journal.withStartsAt(again);
        String sentence = stuck.getFirst().detail() + " All workers are let go; the next try is at " + again + ".";
        boolean _ = alarm.reached(again, "another try to start all workers");
        return round(release("not all workers could be started"), JobState.PENDING, sentence);
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
            decisions.add(plan("workers have measured what their stages cost"));
        } else if (start.isTraining()) {
            decisions.addAll(new SparePolicy(seen, journal, attempt, alarm).decide());
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
        journal = journal.withOpen(null);
        return end(new Decision.Complete(step), new Journal.Ending(true, "Completed", message, false, alarm.now()));
    }

    private Round fail(Finding.Fatal fatal) {
        journal = HistoryPolicy.unanswered(journal);
        return end(
                new Decision.Fail(fatal.reason(), fatal.message(), fatal.userError()),
                new Journal.Ending(false, fatal.reason(), fatal.message(), fatal.userError(), alarm.now()));
    }

    private Round end(Decision said, Journal.Ending ending) {
        journal = journal.withEnded(ending);
        Round over = over(ending);
        List<Decision> decisions = new ArrayList<>(List.of(said));
        decisions.addAll(over.decisions());
        return new Round(decisions, journal, over.state(), over.sentence());
    }

    private Round over(Journal.Ending ending) {
        Alarm afterwards = new Alarm(alarm.now());
        List<Decision> decisions = new ArrayList<>(release("the job is over"));
        if (DeadlinePolicy.isToBeDeleted(seen, ending, afterwards)) {
            decisions.add(new Decision.DeleteJob("it ended at " + ending.at()));
        }
        decisions.addAll(LeftoverPolicy.decide(seen, afterwards));
        Decision.WaitUntil wait = afterwards.decision();
        if (wait != null) {
            decisions.add(wait);
        }
        JobState state = ending.complete() ? JobState.COMPLETE : JobState.FAILED;
        return new Round(decisions, journal, state, ending.message());
    }

    private List<Decision> release(String reason) {
        return seen.slots().stream()
                .filter(view -> !(view.presence() instanceof Presence.Absent))
                .<Decision>map(view ->
                        new Decision.ReleaseSlot(view.slot(), view.presence().incarnation(), reason))
                .toList();
    }

    private Round round(List<Decision> decisions, JobState state, String sentence) {
        List<Decision> all = new ArrayList<>(decisions);
        all.addAll(LeftoverPolicy.decide(seen, alarm));
        Decision.WaitUntil wait = alarm.decision();
        if (wait != null) {
            all.add(wait);
        }
        journal = journal.withWorkers(remembered(journal.workers(), decisions));
        return new Round(all, journal, state, sentence);
    }

    /// What is asked for, before it is: so that a restarted operator asks for the same again, and for nothing twice.
    private WorkerMemory remembered(WorkerMemory before, List<Decision> decisions) {
        WorkerMemory workers = before;
        Map<Integer, Integer> incarnations = new HashMap<>();
        for (Decision decision : decisions) {
            if (decision instanceof Decision.StartSlot start) {
                incarnations.put(start.slot(), start.incarnation());
            } else if (decision instanceof Decision.ReplaceSlot replace) {
                incarnations.put(replace.slot(), replace.incarnation());
            } else if (decision instanceof Decision.ReleaseSlot(int slot, int incarnation, String _)) {
                workers = workers.withHandled(
                        new WorkerMemory.HandledExit(slot, incarnation, WorkerMemory.HandledExit.WHOLE_WORKER));
            }
        }
        return workers.withIncarnations(incarnations);
    }
}
