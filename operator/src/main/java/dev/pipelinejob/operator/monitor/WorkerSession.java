package dev.pipelinejob.operator.monitor;

import dev.pipelinejob.protocol.control.OperatorMessage;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.ArrayDeque;
import java.util.Deque;

/// The operator's end of one supervisor's stream: a bounded queue in front of what gRPC is ready to take.
final class WorkerSession {
    private static final int MAX_PENDING_MESSAGES = 64;

    private final WorkerKey worker;
    private final long number;
    private final ServerCallStreamObserver<OperatorMessage> stream;
    private final Outflow<WorkerSession> outflow;
    private final Deque<OperatorMessage> pending = new ArrayDeque<>();
    private boolean closed;

    WorkerSession(
            WorkerKey worker,
            long number,
            ServerCallStreamObserver<OperatorMessage> stream,
            Outflow<WorkerSession> outflow) {
        this.worker = worker;
        this.number = number;
        this.stream = stream;
        this.outflow = outflow;
    }

    WorkerKey worker() {
        return worker;
    }

    long number() {
        return number;
    }

    /// Queues the message; false when the stream is closed or so slow that it had to be.
    synchronized boolean send(OperatorMessage message) {
        if (closed) {
            return false;
        }
        if (pending.size() == MAX_PENDING_MESSAGES) {
            close(Status.RESOURCE_EXHAUSTED.withDescription(
                    MAX_PENDING_MESSAGES + " messages wait for a supervisor that does not read: connect again."));
            return false;
        }
        pending.add(message);
        drain();
        return true;
    }

    synchronized void drain() {
        while (!closed && stream.isReady() && !pending.isEmpty()) {
            if (pending.element().getSerializedSize() > Outflow.LARGE_BYTES && !outflow.begins(this)) {
                return;
            }
            stream.onNext(pending.remove());
        }
        if (closed || stream.isReady()) {
            outflow.ends(this);
        }
    }

    synchronized void close(Status status) {
        if (!closed) {
            closed = true;
            pending.clear();
            outflow.ends(this);
            stream.onError(status.asRuntimeException());
        }
    }

    /// The other side ended the stream: answer its end, say no more.
    synchronized void complete() {
        if (!closed) {
            closed = true;
            pending.clear();
            outflow.ends(this);
            if (!stream.isCancelled()) {
                stream.onCompleted();
            }
        }
    }
}
