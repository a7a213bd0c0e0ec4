package dev.pipelinejob.operator.lifecycle;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// All workers or none: a job that cannot start all of them in time lets go of those that it has, so that no
/// half-started job holds what another one needs.
final class GangPolicy {
    /// So long a worker may wait for room on its node; a worker that ended there may still take it.
    static final Duration ROOM_WAIT = Duration.ofSeconds(10);

    /// The same while one of the job's own workers still ends there: it has a grace, and its room is ours.
    static final Duration OWN_ROOM_WAIT = Duration.ofSeconds(90);

    private final Observation seen;
    private final Journal journal;
    private final Alarm alarm;

    GangPolicy(Observation seen, Journal journal, Alarm alarm) {
        this.seen = seen;
        this.journal = journal;
        this.alarm = alarm;
    }

    /// Why the workers that are there have to be let go; empty while there is hope.
    List<Finding> find() {
        List<Finding> findings = new ArrayList<>();
        for (SlotView view : seen.slots()) {
            Finding stuck = stuck(view);
            if (stuck != null) {
                findings.add(stuck);
            }
        }
        if (!findings.isEmpty() && othersSuffice(findings)) {
            return List.of();
        }
        if (findings.isEmpty()) {
            Finding homeless = withoutPlan();
            if (homeless != null) {
                findings.add(homeless);
            }
        }
        return findings;
    }

    /// Whether there are as many other workers as the plan has ranks: then what is stuck holds nobody up.
    private boolean othersSuffice(List<Finding> stuck) {
        if (!(seen.planning() instanceof PlanningState.Proposed proposed)) {
            return false;
        }
        long others = new Places(seen, journal)
                .all().stream()
                        .map(place -> seen.slot(place.slot()))
                        .filter(view -> Workers.isLive(seen, journal, view))
                        .filter(view -> stuck.stream().noneMatch(finding -> finding.slot() == view.slot()))
                        .count();
        return others >= proposed.plan().places().size();
    }

    /// Why one worker has not started for too long; null when it has, or there is time left.
    @Nullable
    Finding stuck(SlotView view) {
        if (!(view.presence() instanceof Presence.Starting starting)
                || journal.workers().isWorkerHandled(view.slot(), starting.incarnation())) {
            return null;
        }
        Presence.Blocked blocked = starting.blocked();
        return switch (blocked == null ? Presence.Blocked.Kind.OTHER : blocked.kind()) {
            case NO_ROOM -> unschedulable(view, starting, blocked);
            case UNSUITABLE_NODE -> {
                Finding finding = unschedulable(view, starting, blocked);
                yield finding == null ? null : finding.onNode(starting.node());
            }
            case OTHER -> late(view, starting, blocked);
        };
    }

    private @Nullable Finding unschedulable(
            SlotView view, Presence.Starting starting, Presence.@Nullable Blocked blocked) {
        Duration limit = seen.job().limits().ready();
        boolean ownRoom = seen.leftovers().stream().anyMatch(left -> left.node().equals(starting.node()));
        Duration roomWait = ownRoom ? OWN_ROOM_WAIT : ROOM_WAIT;
        Duration wait = limit.compareTo(roomWait) < 0 ? limit : roomWait;
        if (blocked == null || !alarm.passed(blocked.since(), wait, "room for slot " + view.slot())) {
            return null;
        }
        return Finding.of(
                Cause.UNSCHEDULABLE,
                view.slot(),
                new Finding.Remedy.Worker(starting.incarnation()),
                "Slot %d cannot be scheduled on node %s: %s"
                        .formatted(view.slot(), starting.node(), blocked.message()));
    }

    private @Nullable Finding late(SlotView view, Presence.Starting starting, Presence.@Nullable Blocked blocked) {
        Duration limit = seen.job().limits().ready();
        if (!alarm.passed(starting.since(), limit, "slot " + view.slot() + " to start")) {
            return null;
        }
        String why = blocked == null ? "." : ": " + blocked.reason() + ": " + blocked.message();
        return Finding.of(
                Cause.NOT_READY,
                view.slot(),
                new Finding.Remedy.Worker(starting.incarnation()),
                "Slot %d has not started within %d s%s".formatted(view.slot(), limit.toSeconds(), why));
    }

    private @Nullable Finding withoutPlan() {
        Fault open = journal.open();
        boolean holds = seen.slots().stream().anyMatch(view -> Workers.isLive(seen, journal, view));
        if (open == null || !holds || !(seen.planning() instanceof PlanningState.Infeasible infeasible)) {
            return null;
        }
        Duration limit = seen.job().limits().ready();
        return alarm.passed(open.detectedAt(), limit, "a plan for all workers")
                ? Finding.of(
                        Cause.UNSCHEDULABLE,
                        Finding.NOBODY,
                        new Finding.Remedy.Nothing(),
                        "There has been no place for all workers for %d s: %s"
                                .formatted(limit.toSeconds(), infeasible.sentence()))
                : null;
    }
}
