package dev.pipelinejob.operator.monitor;

import dev.pipelinejob.protocol.control.Alive;
import dev.pipelinejob.protocol.control.OperatorMessage;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/// The operator's end of one supervisor's stream: a bounded queue in front of what gRPC is ready to take, and for how
/// long nothing was heard.
final class WorkerSession {
    private static final int MAX_PENDING_MESSAGES = 64;
    private static final OperatorMessage ALIVE =
            OperatorMessage.newBuilder().setAlive(Alive.getDefaultInstance()).build();

    private final WorkerKey worker;
    private final long number;
    private final ServerCallStreamObserver<OperatorMessage> stream;
    private final Outflow<WorkerSession> outflow;
    private final Consumer<String> breakOff;
    private final Deque<OperatorMessage> pending = new ArrayDeque<>();
    private int quiet;
    private boolean saysAlive;
    private boolean listening = true;
    private boolean closed;

    WorkerSession(
            WorkerKey worker,
            long number,
            ServerCallStreamObserver<OperatorMessage> stream,
            Consumer<String> breakOff,
            Outflow<WorkerSession> outflow) {
        this.worker = worker;
        this.number = number;
        this.stream = stream;
        this.breakOff = breakOff;
        this.outflow = outflow;
    }

    WorkerKey worker() {
        return worker;
    }

    long number() {
        return number;
    }

    /// The supervisor said something, which is worked on now.
    synchronized void heard() {
        quiet = 0;
        listening = false;
    }

    /// The next message may come.
    synchronized void listens() {
        quiet = 0;
        listening = true;
    }

    /// Called once a second of this process's own time, so that a pause of ours is no silence of theirs. One that has
    /// never given a sign of life, as an older version does not, may be quiet.
    ///
    /// @return for how many seconds nothing was heard
    synchronized int tick() {
        if (listening && saysAlive) {
            quiet++;
        }
        return quiet;
    }

    synchronized Duration quiet() {
        return Duration.ofSeconds(quiet);
    }

    /// Nothing is heard any more: the other side may not even learn of this.
    void breakOff(String reason) {
        breakOff.accept(reason);
    }

    /// Takes a sign of life, and answers it unless there is more important to say.
    synchronized void answerAlive() {
        saysAlive = true;
        if (!closed && pending.isEmpty() && stream.isReady()) {
            stream.onNext(ALIVE);
        }
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
