package dev.pipelinejob.operator.lifecycle;

import org.jspecify.annotations.Nullable;

/// Dead processes, found at once: a slot's pod or supervisor ended or closed its connection, its engine ended, or one
/// of them did not come up in time. Looks at one slot and knows no attempt.
final class ProcessPolicy {
    private final JobFacts job;
    private final Alarm alarm;

    ProcessPolicy(JobFacts job, Alarm alarm) {
        this.job = job;
        this.alarm = alarm;
    }

    /// What is wrong with the processes of a slot; null when nothing is, or not yet.
    @Nullable
    Finding find(SlotView view) {
        return switch (view.presence()) {
            case Presence.Absent _ -> null;
            case Presence.Starting(int incarnation, var since) ->
                alarm.passed(since, job.readyTimeout(), "slot " + view.slot() + " to start")
                        ? notReady(view, incarnation, "has not started")
                        : null;
            case Presence.Gone gone -> gone(view, gone);
            case Presence.Up up -> up(view, up);
        };
    }

    /// The same for a slot that no attempt holds: there no neighbour can testify, so silence alone counts after the
    /// time that a slot may take to come up.
    @Nullable
    Finding findOutsideAttempt(SlotView view) {
        if (view.presence() instanceof Presence.Up(int incarnation, var _)
                && view.session() instanceof Session.Silent(var since)
                && alarm.passed(since, job.readyTimeout(), "slot " + view.slot() + " to be heard again")) {
            return notReady(view, incarnation, "was not heard");
        }
        return find(view);
    }

    private Finding gone(SlotView view, Presence.Gone gone) {
        String detail = "The worker of slot %d ended: %s.".formatted(view.slot(), ending(gone));
        Cause cause = gone.disruption() ? Cause.WORKER_EVICTED : Cause.WORKER_EXITED;
        return Finding.of(cause, view.slot(), new Finding.Remedy.Worker(gone.incarnation()), detail)
                .withLog(view.lastExit() == null ? "" : view.lastExit().logTail())
                .withFatal(gone.disruption() ? null : fatal(view.slot(), gone.exitCode(), gone.reason()));
    }

    private static String ending(Presence.Gone gone) {
        String status = gone.signal() > 0 ? "signal " + gone.signal() : "exit code " + gone.exitCode();
        return gone.reason().isEmpty() ? status : gone.reason() + " (" + status + ")";
    }

    private @Nullable Finding up(SlotView view, Presence.Up up) {
        if (view.session() instanceof Session.Closed) {
            return Finding.of(
                    Cause.WORKER_EXITED,
                    view.slot(),
                    new Finding.Remedy.Worker(up.incarnation()),
                    "The supervisor of slot " + view.slot() + " closed its connection.");
        }
        if (view.session() instanceof Session.Awaited) {
            return alarm.passed(up.since(), job.readyTimeout(), "slot " + view.slot() + " to say hello")
                    ? notReady(view, up.incarnation(), "has not said hello")
                    : null;
        }
        if (view.lastExit() != null && !replaced(view.engine(), view.lastExit())) {
            return exited(view, up.incarnation(), view.lastExit());
        }
        return engineLate(view, up.incarnation());
    }

    /// The engine that ended is not the one that is up.
    private static boolean replaced(EngineState engine, EngineExit exit) {
        return engine instanceof EngineState.Up up && up.pid() != exit.pid();
    }

    Finding exited(SlotView view, int incarnation, EngineExit exit) {
        String status = exit.signal() > 0 ? "signal " + exit.signal() : "exit code " + exit.exitCode();
        return Finding.of(
                        Cause.ENGINE_EXITED,
                        view.slot(),
                        new Finding.Remedy.Engine(incarnation, exit.pid()),
                        "The engine of slot %d (process %d) ended with %s.".formatted(view.slot(), exit.pid(), status))
                .withLog(exit.logTail())
                .withFatal(fatal(view.slot(), exit.exitCode(), lastLine(exit.logTail())));
    }

    private @Nullable Finding engineLate(SlotView view, int incarnation) {
        return switch (view.engine()) {
            case EngineState.Down(var since) ->
                alarm.passed(since, job.readyTimeout(), "the engine of slot " + view.slot())
                        ? notReady(view, incarnation, "has no engine")
                        : null;
            case EngineState.Up up -> {
                Orders.Kill kill = view.orders().kill();
                yield kill != null
                                && kill.pid() == up.pid()
                                && alarm.passed(
                                        kill.at(), job.readyTimeout(), "the engine of slot " + view.slot() + " to die")
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
                        "Slot %d %s within %d s."
                                .formatted(view.slot(), what, job.readyTimeout().toSeconds()))
                .withLog(view.lastExit() == null ? "" : view.lastExit().logTail());
    }

    private Finding.@Nullable Fatal fatal(int slot, int exitCode, String why) {
        for (FailurePolicy.ExitCodeRule rule : job.failurePolicy().rules()) {
            if (rule.matches(exitCode)) {
                String message =
                        "Job %s: the worker of slot %d ended with exit code %d, which rule %s answers by failing the job%s"
                                .formatted(job.name(), slot, exitCode, rule.name(), why.isBlank() ? "." : ": " + why);
                return new Finding.Fatal("PodFailurePolicy", message, true);
            }
        }
        return null;
    }

    private static String lastLine(String log) {
        return log.strip().lines().reduce("", (_, line) -> line);
    }
}
