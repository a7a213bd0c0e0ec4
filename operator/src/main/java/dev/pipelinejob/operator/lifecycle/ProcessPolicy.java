package dev.pipelinejob.operator.lifecycle;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Dead processes, found at once: a slot's pod or supervisor ended or closed its connection, its engine ended, or one
/// of them did not come up in time. Looks at one slot and knows no attempt.
final class ProcessPolicy {
    private final Observation seen;
    private final RulePolicy rules;
    private final Alarm alarm;

    ProcessPolicy(Observation seen, Alarm alarm) {
        this.seen = seen;
        this.rules = new RulePolicy(seen.job());
        this.alarm = alarm;
    }

    /// What is wrong with the processes of a slot; null when nothing is, or not yet. A worker that has not started is
    /// the concern of {@link GangPolicy}, unless its node is lost.
    @Nullable
    Finding find(SlotView view) {
        return switch (view.presence()) {
            case Presence.Absent _ -> null;
            case Presence.Starting starting -> onLostNode(view, starting);
            case Presence.Gone gone -> gone(view, gone);
            case Presence.Up up -> up(view, up);
        };
    }

    /// The same for a slot that no attempt holds: there no neighbour can testify, so silence alone counts after the
    /// time that a slot may take to come up. And nobody has to wait for one that leaves.
    @Nullable
    Finding findOutsideAttempt(SlotView view) {
        if (view.presence() instanceof Presence.Up up) {
            Drain leaving = view.leaving();
            if (leaving != null) {
                return leaves(view, leaving);
            }
            if (view.session() instanceof Session.Silent(var since)
                    && alarm.passed(since, ready(), "slot " + view.slot() + " to be heard again")) {
                return notReady(view, up.incarnation(), "was not heard").onNode(up.node());
            }
        }
        return find(view);
    }

    /// A worker that the job waits for and that nothing is heard of: nobody trains, so no neighbour could testify and
    /// no harm is done to what is healthy. One that never said anything may still be starting.
    @Nullable
    Finding findSilent(SlotView view) {
        Instant since = SilencePolicy.silentSince(view);
        Duration limit = seen.job().failurePolicy().unreachable();
        if (since == null
                || !wasHeard(view)
                || !alarm.passed(since, limit, "slot " + view.slot() + " to be heard again")) {
            return null;
        }
        String node = view.presence().node();
        boolean isNodeSilent = SilencePolicy.isSilent(seen, node);
        return Finding.of(
                        isNodeSilent ? Cause.NODE_LOST : Cause.SLOT_LOST,
                        view.slot(),
                        new Finding.Remedy.Worker(view.presence().incarnation()),
                        "Nothing was heard of %s for %d s while the job waits for it."
                                .formatted(
                                        isNodeSilent
                                                ? "slot %d and its node %s".formatted(view.slot(), node)
                                                : "slot " + view.slot(),
                                        limit.toSeconds()))
                .onNode(node);
    }

    private boolean wasHeard(SlotView view) {
        return !(view.session() instanceof Session.Awaited)
                || seen.attempts().stream()
                        .flatMap(attempt -> attempt.seats().stream())
                        .anyMatch(seat -> seat.slot() == view.slot()
                                && seat.incarnation() == view.presence().incarnation());
    }

    /// A worker that was asked to end: no fault of the job's.
    static Finding leaves(SlotView view, Drain drain) {
        return Finding.of(
                Cause.WORKER_EVICTED,
                view.slot(),
                new Finding.Remedy.Worker(view.presence().incarnation()),
                "The worker of slot %d leaves: %s.".formatted(view.slot(), drain.reason()));
    }

    private Finding gone(SlotView view, Presence.Gone gone) {
        LostNode lost = seen.lost(gone.node());
        if (lost != null) {
            return nodeLost(view, lost);
        }
        boolean outOfMemory = gone.reason().equals(Presence.Gone.OUT_OF_MEMORY);
        Cause cause =
                gone.disruption() ? Cause.WORKER_EVICTED : outOfMemory ? Cause.OUT_OF_MEMORY : Cause.WORKER_EXITED;
        String detail = outOfMemory
                ? "The worker of slot %d used more memory than its limit and was killed.".formatted(view.slot())
                : "The worker of slot %d ended: %s.".formatted(view.slot(), ending(gone));
        Finding finding = Finding.of(cause, view.slot(), new Finding.Remedy.Worker(gone.incarnation()), detail)
                .onNode(isNodesFault(gone) ? gone.node() : Presence.NO_NODE)
                .withLog(lastWords(view, gone))
                .withExit(gone.exitCode(), gone.signal());
        return rules.apply(finding, gone.exitCode(), gone.signal(), gone.conditions(), gone.reason());
    }

    /// Its own; when nobody knows them, those of the engine that ended before it.
    private static String lastWords(SlotView view, Presence.Gone gone) {
        return gone.lastLog().isBlank() && view.lastExit() != null
                ? view.lastExit().logTail()
                : gone.lastLog();
    }

    /// The kubelet ended it: its node is short of something, or shuts down.
    private static boolean isNodesFault(Presence.Gone gone) {
        return gone.conditions().stream()
                .anyMatch(condition -> condition.type().equals("DisruptionTarget")
                        && condition.status().equals("True")
                        && condition.reason().equals("TerminationByKubelet"));
    }

    private static String ending(Presence.Gone gone) {
        String signal = gone.signal() > 0 ? "signal " + gone.signal() : "";
        if (gone.reason().isEmpty()) {
            return signal.isEmpty() ? "exit code " + gone.exitCode() : signal;
        }
        // A message of the kubelet or of the worker itself may end as a sentence.
        String reason = gone.reason().endsWith(".")
                ? gone.reason().substring(0, gone.reason().length() - 1)
                : gone.reason();
        return signal.isEmpty() ? reason : reason + " (" + signal + ")";
    }

    private @Nullable Finding up(SlotView view, Presence.Up up) {
        if (isUnheard(view, up)) {
            Finding lost = onLostNode(view, up);
            if (lost != null) {
                return lost;
            }
        }
        if (view.session() instanceof Session.Closed) {
            return Finding.of(
                    Cause.WORKER_EXITED,
                    view.slot(),
                    new Finding.Remedy.Worker(up.incarnation()),
                    "The supervisor of slot " + view.slot() + " closed its connection.");
        }
        if (view.session() instanceof Session.Awaited(var since)) {
            return alarm.passed(later(up.since(), since), ready(), "slot " + view.slot() + " to say hello")
                    ? notReady(view, up.incarnation(), "has not said hello")
                    : null;
        }
        if (view.lastExit() != null && !replaced(view.engine(), view.lastExit())) {
            return exited(view, up.incarnation(), view.lastExit());
        }
        return engineLate(view, up.incarnation());
    }

    /// A restarted operator has to give everybody the time to call it.
    private boolean isUnheard(SlotView view, Presence.Up up) {
        return switch (view.session()) {
            case Session.Connected _ -> false;
            case Session.Closed _, Session.Silent _ -> true;
            case Session.Awaited(var since) ->
                alarm.passed(
                        later(up.since(), since),
                        seen.job().failurePolicy().unreachable(),
                        "slot " + view.slot() + " to say hello");
        };
    }

    private static Instant later(Instant first, Instant second) {
        return first.isAfter(second) ? first : second;
    }

    private @Nullable Finding onLostNode(SlotView view, Presence presence) {
        LostNode lost = seen.lost(presence.node());
        return lost == null ? null : nodeLost(view, lost);
    }

    private static Finding nodeLost(SlotView view, LostNode node) {
        return Finding.of(
                        Cause.NODE_LOST,
                        view.slot(),
                        new Finding.Remedy.Worker(view.presence().incarnation()),
                        "Node %s of slot %d is lost: %s.".formatted(node.name(), view.slot(), node.reason()))
                .onNode(node.name());
    }

    /// The engine that ended is not the one that is up.
    private static boolean replaced(EngineState engine, EngineExit exit) {
        return engine instanceof EngineState.Up up && up.pid() != exit.pid();
    }

    Finding exited(SlotView view, int incarnation, EngineExit exit) {
        String status = exit.signal() > 0 ? "signal " + exit.signal() : "exit code " + exit.exitCode();
        String detail = exit.outOfMemory()
                ? "The engine of slot %d (process %d) was killed because its container was out of memory."
                        .formatted(view.slot(), exit.pid())
                : "The engine of slot %d (process %d) ended with %s.".formatted(view.slot(), exit.pid(), status);
        Finding finding = Finding.of(
                        exit.outOfMemory() ? Cause.OUT_OF_MEMORY : Cause.ENGINE_EXITED,
                        view.slot(),
                        new Finding.Remedy.Engine(incarnation, exit.pid()),
                        detail)
                .withLog(exit.logTail())
                .withExit(exit.exitCode(), exit.signal());
        return rules.apply(finding, exit.exitCode(), exit.signal(), List.of(), lastLine(exit.logTail()));
    }

    private @Nullable Finding engineLate(SlotView view, int incarnation) {
        return switch (view.engine()) {
            case EngineState.Down(var since) ->
                alarm.passed(since, ready(), "the engine of slot " + view.slot())
                        ? notReady(view, incarnation, "has no engine")
                        : null;
            case EngineState.Up up -> {
                Orders.Kill kill = view.orders().kill();
                yield kill != null
                                && kill.pid() == up.pid()
                                && alarm.passed(kill.at(), ready(), "the engine of slot " + view.slot() + " to die")
                        ? notReady(view, incarnation, "cannot kill its engine")
                        : null;
            }
        };
    }

    private Finding notReady(SlotView view, int incarnation, String what) {
        return Finding.of(
                        Cause.NOT_READY,
                        view.slot(),
                        new Finding.Remedy.Worker(incarnation),
                        "Slot %d %s within %d s.".formatted(view.slot(), what, ready().toSeconds()))
                .withLog(view.lastExit() == null ? "" : view.lastExit().logTail());
    }

    private Duration ready() {
        return seen.job().limits().ready();
    }

    static String lastLine(String log) {
        return log.strip().lines().reduce("", (_, line) -> line);
    }
}
