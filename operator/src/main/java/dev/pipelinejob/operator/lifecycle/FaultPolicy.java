package dev.pipelinejob.operator.lifecycle;

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
        for (Finding finding : findings) {
            next = remembered(next, finding);
        }
        return next;
    }

    private static boolean charges(@Nullable Fault open, Finding finding) {
        return finding.charged()
                && (open == null || !open.charged() || open.slots().contains(finding.slot()));
    }

    private Fault opened(List<Finding> findings, boolean charge) {
        ClaimedAttempt newest = seen.newestAttempt();
        Finding first = findings.getFirst();
        return new Fault(
                newest == null ? 0 : newest.number(),
                first.cause(),
                slots(List.of(), findings),
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

    private static Journal remembered(Journal journal, Finding finding) {
        Journal next = finding.corruptStep() == 0 ? journal : journal.withCorruptStep(finding.corruptStep());
        return switch (finding.remedy()) {
            case Finding.Remedy.Nothing _ -> next;
            case Finding.Remedy.Engine(int incarnation, long pid) ->
                next.withHandled(new Journal.HandledExit(finding.slot(), incarnation, pid));
            case Finding.Remedy.Worker(int incarnation) ->
                next.withHandled(
                        new Journal.HandledExit(finding.slot(), incarnation, Journal.HandledExit.WHOLE_WORKER));
        };
    }
}
