package dev.pipelinejob.operator.lifecycle;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A tiny model of one slot: supervisor, engine, control stream and the attempt that the engine holds.
final class SimulatedSlot {
    private static final Duration START = Duration.ofMillis(700);
    private static final Duration STANDBY = Duration.ofMillis(300);
    private static long pids = 100;

    final int number;
    Presence presence = new Presence.Absent();
    Session session = new Session.Awaited();
    EngineState engine = new EngineState.Down(Instant.EPOCH);

    @Nullable
    EngineExit lastExit;

    @Nullable
    AttemptReport report;

    Orders orders = Orders.NONE;
    final List<EdgeReport> edges = new ArrayList<>();
    boolean hung;
    boolean partitioned;
    boolean linkDown;
    Instant engineDueAt = Instant.MAX;
    Instant preparedAt = Instant.MAX;
    int resumeStep;
    String digest = "";

    SimulatedSlot(int number) {
        this.number = number;
    }

    void start(int incarnation, Instant now) {
        presence = new Presence.Starting(incarnation, now);
        session = new Session.Awaited();
        engine = new EngineState.Down(now);
        lastExit = null;
        report = null;
        orders = Orders.NONE;
        edges.clear();
        hung = false;
        partitioned = false;
        linkDown = false;
        engineDueAt = now.plus(START);
    }

    void release() {
        presence = new Presence.Absent();
        session = new Session.Awaited();
        engine = new EngineState.Down(Instant.EPOCH);
        report = null;
        lastExit = null;
        orders = Orders.NONE;
        edges.clear();
    }

    /// The engine process dies; its supervisor reports it and brings the next one up.
    void engineDies(int exitCode, int signal, Instant now) {
        if (engine instanceof EngineState.Up(long pid, String _, String _, boolean _)) {
            lastExit = new EngineExit(pid, exitCode, signal, "last words of " + pid + "\n");
            engine = new EngineState.Down(now);
            report = null;
            edges.clear();
            hung = false;
            engineDueAt = now.plus(STANDBY);
        }
    }

    void supervisorDies(Instant now) {
        if (presence instanceof Presence.Up up) {
            presence = new Presence.Gone(up.incarnation(), 137, 9, "Killed", false);
            session = new Session.Closed(now);
            engine = new EngineState.Down(now);
            report = null;
            edges.clear();
        }
    }

    boolean isReachable() {
        return presence instanceof Presence.Up && !partitioned && !linkDown;
    }

    /// Whether its engine can take part in a step with the others.
    boolean computes(int attempt) {
        return presence instanceof Presence.Up
                && !partitioned
                && !hung
                && report != null
                && report.attempt() == attempt
                && report.phase() == WorkerPhase.RUNNING;
    }

    /// Whether replacing or killing it can be justified.
    boolean isSound() {
        return presence instanceof Presence.Up
                && !partitioned
                && !hung
                && !linkDown
                && engine instanceof EngineState.Up;
    }

    void tick(Instant now) {
        if (presence instanceof Presence.Starting starting && !now.isBefore(engineDueAt)) {
            presence = new Presence.Up(starting.incarnation(), now);
            session = new Session.Connected();
        }
        if (presence instanceof Presence.Up && engine instanceof EngineState.Down && !now.isBefore(engineDueAt)) {
            long pid = pids++;
            engine = new EngineState.Up(pid, "127.0.0.1:" + pid, "numerics", true);
            engineDueAt = Instant.MAX;
        }
        if (report != null && report.phase() == WorkerPhase.PREPARING && !hung && !now.isBefore(preparedAt)) {
            report = new AttemptReport(report.attempt(), digest, "data", WorkerPhase.READY, now, resumeStep, now, null);
        }
    }

    void prepare(ClaimedAttempt attempt, Duration loading, Instant now) {
        orders = orders.withPrepare(new Orders.Sent(attempt.number(), now));
        if (hung || !isReachable() || !(engine instanceof EngineState.Up)) {
            return;
        }
        edges.clear();
        digest = attempt.planDigest();
        resumeStep = attempt.resumeStep();
        preparedAt = now.plus(loading);
        report = new AttemptReport(attempt.number(), "", "", WorkerPhase.PREPARING, now, resumeStep, now, null);
    }

    void fails(Problem problem, Instant now) {
        AttemptReport old = report;
        if (old != null) {
            report = new AttemptReport(
                    old.attempt(),
                    old.digest(),
                    old.dataDigest(),
                    WorkerPhase.FAILED,
                    now,
                    old.step(),
                    old.stepAt(),
                    problem);
        }
    }

    void enters(WorkerPhase phase, int step, Instant now) {
        AttemptReport old = report;
        if (old != null) {
            report = new AttemptReport(
                    old.attempt(),
                    old.digest(),
                    old.dataDigest(),
                    phase,
                    phase == old.phase() ? old.phaseAt() : now,
                    step,
                    now,
                    null);
        }
    }

    SlotView view() {
        return new SlotView(number, presence, session, engine, report, lastExit, edges, null, orders);
    }
}
