package dev.pipelinejob.operator.monitor;

import dev.pipelinejob.operator.lifecycle.AttemptReport;
import dev.pipelinejob.operator.lifecycle.Drain;
import dev.pipelinejob.operator.lifecycle.EdgeReport;
import dev.pipelinejob.operator.lifecycle.EngineExit;
import dev.pipelinejob.operator.lifecycle.EngineState;
import dev.pipelinejob.operator.lifecycle.Session;
import dev.pipelinejob.protocol.control.Draining;
import dev.pipelinejob.protocol.control.EngineExited;
import dev.pipelinejob.protocol.control.EngineUp;
import dev.pipelinejob.protocol.control.Hello;
import dev.pipelinejob.protocol.control.WorkerMessage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The last word of one worker: what its messages so far add up to.
///
/// @param worker whose it is
/// @param number number of the session that it came on; 0 before the first
/// @param session the control stream
/// @param supervisorPid process id of its supervisor; 0 until it said hello
/// @param engine its engine process
/// @param attempt what it says of the attempt that its engine holds; null when it holds none
/// @param lastExit the last end of an engine process
/// @param edges dead tensor streams of that attempt
/// @param drain why it says that it will end soon; null when it does not
/// @param heardAt when the last message arrived
public record WorkerReport(
        WorkerKey worker,
        long number,
        Session session,
        long supervisorPid,
        EngineState engine,
        @Nullable AttemptReport attempt,
        @Nullable EngineExit lastExit,
        List<EdgeReport> edges,
        @Nullable Drain drain,
        Instant heardAt) {
    /// More than one worker has peers in any plan.
    private static final int MAX_EDGES = 4096;

    public WorkerReport {
        edges = List.copyOf(edges);
    }

    /// A worker that was started and has not called yet.
    public static WorkerReport awaited(WorkerKey worker, Instant since) {
        return new WorkerReport(
                worker,
                0,
                new Session.Awaited(since),
                0,
                new EngineState.Down(since),
                null,
                null,
                List.of(),
                null,
                since);
    }

    /// What holds after `event`, which arrived at `at`. Late events of an older session change nothing.
    public WorkerReport after(MonitorEvent event, Instant at) {
        if (!event.worker().equals(worker) || event.session() < number) {
            return this;
        }
        return switch (event) {
            case MonitorEvent.Connected connected -> greeted(connected.session(), connected.hello(), at);
            case MonitorEvent.Received received -> heard(received.message(), at);
            case MonitorEvent.Disconnected ended ->
                withSession(new Session.Silent(silentSince(at.minus(ended.quiet()))));
        };
    }

    /// A worker in a long step has nothing to report; that it was there is known without a report.
    private Instant silentSince(Instant quietSince) {
        return heardAt.isAfter(quietSince) ? heardAt : quietSince;
    }

    private WorkerReport greeted(long sessionNumber, Hello hello, Instant at) {
        EngineState up = hello.hasEngine() ? up(hello.getEngine()) : down(at);
        AttemptReport running = hello.hasRunning() ? AttemptReports.of(hello.getRunning(), attempt, at) : null;
        List<EdgeReport> kept = running == null ? List.of() : edgesOf(running.attempt());
        WorkerReport greeted = new WorkerReport(
                worker,
                sessionNumber,
                new Session.Connected(),
                hello.getSupervisorPid(),
                up,
                running,
                lastExit,
                kept,
                hello.hasDraining() ? draining(hello.getDraining(), at) : drain,
                at);
        for (int peer : hello.getRunning().getDeadPeerRanksList()) {
            greeted = greeted.edgeDown(hello.getRunning().getAttempt(), peer, at);
        }
        return greeted;
    }

    private WorkerReport heard(WorkerMessage message, Instant at) {
        WorkerReport heard = new WorkerReport(
                worker, number, new Session.Connected(), supervisorPid, engine, attempt, lastExit, edges, drain, at);
        return switch (message.getBodyCase()) {
            case HELLO -> heard.greeted(number, message.getHello(), at);
            case ENGINE_UP -> heard.engineUp(message.getEngineUp());
            case ENGINE_EXITED -> heard.engineExited(message.getEngineExited(), at);
            case EDGE_DOWN ->
                heard.edgeDown(
                        message.getEdgeDown().getAttempt(),
                        message.getEdgeDown().getPeerRank(),
                        at);
            case DRAINING -> heard.withDrain(draining(message.getDraining(), at));
            case READY, CORRUPT, REFUSED, PROGRESS, COMMITTED, ATTEMPT_FAILED, FINISHED, PAUSED ->
                heard.withAttempt(AttemptReports.after(attempt, message, at));
            case TRACE, INVENTORY, ALIVE, RENEW_CERTIFICATE, BODY_NOT_SET -> heard;
        };
    }

    private WorkerReport engineUp(EngineUp message) {
        boolean same = engine instanceof EngineState.Up before && before.pid() == message.getPid();
        return new WorkerReport(
                worker,
                number,
                session,
                supervisorPid,
                up(message),
                same ? attempt : null,
                lastExit,
                same ? edges : List.of(),
                drain,
                heardAt);
    }

    private WorkerReport engineExited(EngineExited message, Instant at) {
        EngineExit exit = new EngineExit(
                message.getPid(),
                message.getExitCode(),
                message.getSignal(),
                message.getLogTail(),
                message.getOutOfMemory());
        if (engine instanceof EngineState.Up other && other.pid() != message.getPid()) {
            return new WorkerReport(
                    worker, number, session, supervisorPid, engine, attempt, exit, edges, drain, heardAt);
        }
        return new WorkerReport(
                worker, number, session, supervisorPid, down(at), null, exit, List.of(), drain, heardAt);
    }

    private WorkerReport edgeDown(int ofAttempt, int peerRank, Instant at) {
        boolean known = edges.stream().anyMatch(edge -> edge.attempt() == ofAttempt && edge.peerRank() == peerRank);
        if (known || edges.size() == MAX_EDGES) {
            return this;
        }
        List<EdgeReport> more = new ArrayList<>(edgesOf(ofAttempt));
        more.add(new EdgeReport(ofAttempt, peerRank, at));
        return new WorkerReport(
                worker, number, session, supervisorPid, engine, attempt, lastExit, more, drain, heardAt);
    }

    private WorkerReport withAttempt(@Nullable AttemptReport next) {
        List<EdgeReport> kept = next == null ? List.of() : edgesOf(next.attempt());
        return new WorkerReport(worker, number, session, supervisorPid, engine, next, lastExit, kept, drain, heardAt);
    }

    private Drain draining(Draining message, Instant at) {
        return drain != null ? drain : new Drain(at, message.getReason());
    }

    private WorkerReport withDrain(Drain leaving) {
        return new WorkerReport(
                worker, number, session, supervisorPid, engine, attempt, lastExit, edges, leaving, heardAt);
    }

    private WorkerReport withSession(Session next) {
        return new WorkerReport(worker, number, next, supervisorPid, engine, attempt, lastExit, edges, drain, heardAt);
    }

    private List<EdgeReport> edgesOf(int ofAttempt) {
        return edges.stream().filter(edge -> edge.attempt() >= ofAttempt).toList();
    }

    private EngineState down(Instant at) {
        return engine instanceof EngineState.Down ? engine : new EngineState.Down(at);
    }

    private static EngineState up(EngineUp message) {
        return new EngineState.Up(
                message.getPid(),
                message.getAddress(),
                message.getNumericsFingerprint(),
                message.getStandbyReady(),
                !message.getUnresponsive());
    }
}
