package dev.pipelinejob.operator.lifecycle;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Turns findings into the one open fault of a job. What dies together is one failure: it is charged once, unless the
/// same slot fails again before the next attempt is claimed.
final class FaultPolicy {
    /// So long a node that was found lost is left alone, whatever the user wants: until the cluster has had the time
    /// to find that too, or it was heard again.
    static final Duration UNCONFIRMED = Duration.ofSeconds(60);

    private final Observation seen;
    private final BudgetPolicy budget;
    private final Instant now;

    FaultPolicy(Observation seen, BudgetPolicy budget, Instant now) {
        this.seen = seen;
        this.budget = budget;
        this.now = now;
    }

    /// @param findings at least one, the strongest first
    Journal record(Journal before, List<Finding> findings) {
        Fault circumstance = explained(before.open(), findings.getFirst());
        Journal journal = circumstance == null ? before : retracted(before, circumstance);
        if (journal.open() != null && failsAgain(journal.open(), findings)) {
            journal = HistoryPolicy.unanswered(journal).withRestart();
        }
        Fault open = journal.open();
        boolean charge = findings.stream().anyMatch(finding -> charges(open, finding));
        Instant since = circumstance == null ? now : circumstance.detectedAt();
        Journal next =
                journal.withOpen(open == null ? opened(findings, charge, since) : merged(open, findings, charge));
        if (charge) {
            next = next.withChargedAt(budget.charge(next.chargedAt(), now));
        }
        if ((open == null || charge) && findings.stream().anyMatch(finding -> isFruitless(finding.cause()))) {
            next = next.withFruitless(next.fruitless() + 1);
        }
        if (before.open() == null && seen.job().failurePolicy().recreate()) {
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

    /// The same for spares: each failure in a row makes the next spare wait longer, and none is charged.
    Journal rememberSpares(Journal journal, List<Finding> findings) {
        Journal next = remember(journal, findings);
        if (findings.stream().noneMatch(finding -> finding.remedy() instanceof Finding.Remedy.Worker)) {
            return next;
        }
        WorkerMemory workers = next.workers();
        int inARow = workers.spareFailuresWithOneAt(now);
        return next.withWorkers(workers.withSpareFailures(inARow, budget.sparesAt(inARow, now)));
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
        Duration quarantine = quarantine(finding.cause());
        return finding.node().equals(Presence.NO_NODE) || quarantine.isZero()
                ? next
                : next.withQuarantine(
                        new WorkerMemory.Quarantine(finding.node(), now.plus(quarantine), finding.detail()));
    }

    private Duration quarantine(Cause cause) {
        Duration wanted = seen.job().failurePolicy().quarantine();
        boolean unconfirmed = cause == Cause.NODE_LOST || cause == Cause.SLOT_LOST;
        return unconfirmed && wanted.compareTo(UNCONFIRMED) < 0 ? UNCONFIRMED : wanted;
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

    private Fault opened(List<Finding> findings, boolean charge, Instant since) {
        ClaimedAttempt newest = seen.newestAttempt();
        Finding first = findings.getFirst();
        return new Fault(
                newest == null ? 0 : newest.number(),
                first.cause(),
                slots(List.of(), findings),
                node(first),
                since,
                seen.reachedStep(),
                first.detail(),
                first.log(),
                first.exit(),
                charge);
    }

    /// Whether what was made new for the open fault has failed too, before an attempt could be claimed.
    private static boolean failsAgain(Fault open, List<Finding> findings) {
        return findings.stream()
                .anyMatch(finding -> !(finding.remedy() instanceof Finding.Remedy.Nothing)
                        && open.slots().contains(finding.slot()));
    }

    /// The open fault when it is a mere circumstance, of which the cause is found now; else null.
    private static @Nullable Fault explained(@Nullable Fault open, Finding found) {
        return open != null && open.cause() == Cause.EDGE_LOST && found.cause().compareTo(Cause.EDGE_LOST) < 0
                ? open
                : null;
    }

    /// As it was before the circumstance was taken for the cause.
    private static Journal retracted(Journal journal, Fault circumstance) {
        List<Instant> charged = journal.chargedAt();
        return journal.withOpen(null)
                .withFruitless(Math.max(0, journal.fruitless() - 1))
                .withChargedAt(
                        circumstance.charged() && !charged.isEmpty()
                                ? charged.subList(0, charged.size() - 1)
                                : charged);
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
                open.exit(),
                open.charged() || charge);
    }

    private String node(Finding finding) {
        return finding.node().equals(Presence.NO_NODE)
                ? seen.slot(finding.slot()).presence().node()
                : finding.node();
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
