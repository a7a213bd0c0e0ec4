package dev.pipelinejob.operator.monitor;

import dev.pipelinejob.protocol.control.OperatorMessage;
import dev.pipelinejob.protocol.control.Shutdown;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The open streams, one a slot: the newest incarnation has it, and of one incarnation the newest stream.
public final class Sessions {
    /// A supervisor says every other second that it is there. Longer than a stall that must restart nothing.
    static final int QUIET_SECONDS = 6;

    private final Map<Slot, WorkerSession> open = new HashMap<>();
    private final Outflow<WorkerSession> outflow;
    private long lastNumber;

    /// @param executor lets streams go on that have waited for others
    public Sessions(Executor executor) {
        this.outflow = new Outflow<>(executor, System::nanoTime, WorkerSession::drain);
    }

    private record Slot(String jobUid, int slot) {
        static Slot of(WorkerKey worker) {
            return new Slot(worker.jobUid(), worker.slot());
        }
    }

    /// Sends to one worker; false when it has no open stream, and then its reconnection is what to wait for.
    public boolean send(WorkerKey worker, OperatorMessage message) {
        WorkerSession session = find(worker);
        return session != null && session.send(message);
    }

    /// Sends to every worker of every job that has a stream.
    void sendAll(OperatorMessage message) {
        all().forEach(session -> session.send(message));
    }

    private synchronized List<WorkerSession> all() {
        return List.copyOf(open.values());
    }

    /// Ends a worker's stream, if it has one.
    public void close(WorkerKey worker, String reason) {
        WorkerSession session = find(worker);
        if (session != null) {
            session.close(Status.ABORTED.withDescription(reason));
        }
    }

    /// Ends the streams of all workers of a job: those that are alive call again and say anew how they are.
    public void closeAll(String jobUid, String reason) {
        of(jobUid).forEach(session -> session.close(Status.ABORTED.withDescription(reason)));
    }

    /// Has all workers of a job end themselves, without a last checkpoint.
    public void shutDownAll(String jobUid, String reason) {
        OperatorMessage message = OperatorMessage.newBuilder()
                .setShutdown(Shutdown.newBuilder().setReason(reason))
                .build();
        of(jobUid).forEach(session -> session.send(message));
    }

    private List<WorkerSession> of(String jobUid) {
        return all().stream()
                .filter(session -> session.worker().jobUid().equals(jobUid))
                .toList();
    }

    private synchronized @Nullable WorkerSession find(WorkerKey worker) {
        WorkerSession session = open.get(Slot.of(worker));
        return session != null && session.worker().equals(worker) ? session : null;
    }

    /// Looks for streams on which nothing is heard any more. gRPC itself asks at most every ten seconds, so a machine
    /// that is gone would be noticed twice as late. Call it once a second.
    void sweep() {
        for (WorkerSession session : all()) {
            if (session.tick() > QUIET_SECONDS) {
                session.breakOff("nothing was heard for " + QUIET_SECONDS + " s");
            }
        }
    }

    /// Opens a session, or returns null when a newer incarnation of the slot has one.
    ///
    /// @param breakOff ends it from this side, with a reason
    @Nullable
    WorkerSession admit(WorkerKey worker, ServerCallStreamObserver<OperatorMessage> stream, Consumer<String> breakOff) {
        WorkerSession superseded;
        WorkerSession session;
        synchronized (this) {
            superseded = open.get(Slot.of(worker));
            if (superseded != null && superseded.worker().incarnation() > worker.incarnation()) {
                return null;
            }
            lastNumber++;
            session = new WorkerSession(worker, lastNumber, stream, breakOff, outflow);
            open.put(Slot.of(worker), session);
        }
        if (superseded != null) {
            superseded.close(Status.ABORTED.withDescription("A newer stream of slot " + worker.slot() + " took over."));
        }
        return session;
    }

    synchronized void forget(WorkerSession session) {
        open.remove(Slot.of(session.worker()), session);
    }
}
