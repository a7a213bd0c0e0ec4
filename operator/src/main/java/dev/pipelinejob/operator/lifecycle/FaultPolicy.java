package dev.pipelinejob.operator.lifecycle;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Turns findings into the one open fault of a job. What dies together is one failure: it is charged once, unless the
/// same slot fails again before the next attempt is claimed.
final class FaultPolicy {
    private final Observation seen;
    private final BudgetPolicy budget;
    private final Instant now;

    FaultPolicy(Observation seen, BudgetPolicy budget, Instant now) {
        this.seen = seen;
        this.budget = budget;
        this.now = now;
    }

    /// @param findings at least one, the strongest first
    Journal record(Journal journal, List<Finding> findings) {
        Fault open = journal.open();
        boolean charge = findings.stream().anyMatch(finding -> charges(open, finding));
        Journal next = journal.withOpen(open == null ? opened(findings, charge) : merged(open, findings, charge));
        if (charge) {
            next = next.withChargedAt(budget.charge(next.chargedAt(), now));
        }
        if ((open == null || charge) && findings.stream().anyMatch(finding -> isFruitless(finding.cause()))) {
            next = next.withFruitless(next.fruitless() + 1);
        }
        if (open == null && seen.job().failurePolicy().recreate()) {
            next = withEverySeatHandled(next);
        }
        return remember(next, findings);
    }

    /// Notes what has to be made new and where no worker may go for a while; no attempt ends by that.
    Journal remember(Journal journal, List<Finding> findings) {
        WorkerMemory workers = journal.workers();
        Journal next = journal;
        for (Finding finding : findings) {
            if (finding.corruptStep() != 0) {
                next = next.withCorruptStep(finding.corruptStep());
            }
            workers = remembered(workers, finding);
        }
        return next.withWorkers(workers);
    }

    private WorkerMemory remembered(WorkerMemory workers, Finding finding) {
        WorkerMemory next =
                switch (finding.remedy()) {
                    case Finding.Remedy.Nothing _ -> workers;
                    case Finding.Remedy.Engine(int incarnation, long pid) ->
                        workers.withHandled(new WorkerMemory.HandledExit(finding.slot(), incarnation, pid));
                    case Finding.Remedy.Worker(int incarnation) ->
                        workers.withHandled(new WorkerMemory.HandledExit(
                                finding.slot(), incarnation, WorkerMemory.HandledExit.WHOLE_WORKER));
                };
        Duration quarantine = seen.job().failurePolicy().quarantine();
        return finding.node().equals(Presence.NO_NODE) || quarantine.isZero()
                ? next
                : next.withQuarantine(
                        new WorkerMemory.Quarantine(finding.node(), now.plus(quarantine), finding.detail()));
    }

    /// The strategy that makes every worker of the attempt new, whatever failed.
    private Journal withEverySeatHandled(Journal journal) {
        ClaimedAttempt newest = seen.newestAttempt();
        Fault open = journal.open();
        if (newest == null || open == null || open.cause() == Cause.SUSPENDED || open.cause() == Cause.JOB_STOPPED) {
            return journal;
        }
        WorkerMemory workers = journal.workers();
        for (Seat seat : newest.seats()) {
            workers = workers.withHandled(new WorkerMemory.HandledExit(
                    seat.slot(), seat.incarnation(), WorkerMemory.HandledExit.WHOLE_WORKER));
        }
        return journal.withWorkers(workers);
    }

    private static boolean charges(@Nullable Fault open, Finding finding) {
        return finding.charged()
                && (open == null || !open.charged() || open.slots().contains(finding.slot()));
    }

    /// Whether another one of these straight away would be a failure of the same kind.
    private static boolean isFruitless(Cause cause) {
        return cause != Cause.SUSPENDED && cause != Cause.JOB_STOPPED && cause != Cause.CHECKPOINT_CORRUPT;
    }

    private Fault opened(List<Finding> findings, boolean charge) {
        ClaimedAttempt newest = seen.newestAttempt();
        Finding first = findings.getFirst();
        return new Fault(
                newest == null ? 0 : newest.number(),
                first.cause(),
                slots(List.of(), findings),
                first.node().equals(Presence.NO_NODE)
                        ? seen.slot(first.slot()).presence().node()
                        : first.node(),
                now,
                seen.reachedStep(),
                first.detail(),
                first.log(),
                charge);
    }

    private static Fault merged(Fault open, List<Finding> findings, boolean charge) {
        return new Fault(
                open.attempt(),
                open.cause(),
                slots(open.slots(), findings),
                open.node(),
                open.detectedAt(),
                open.reachedStep(),
                open.detail(),
                open.lastLog(),
                open.charged() || charge);
    }

    private static List<Integer> slots(List<Integer> known, List<Finding> findings) {
        List<Integer> slots = new ArrayList<>(known);
        for (Finding finding : findings) {
            if (finding.slot() != Finding.NOBODY && !slots.contains(finding.slot())) {
                slots.add(finding.slot());
            }
        }
        return slots;
    }
}
