package dev.pipelinejob.worker.transport.grpc;

import dev.pipelinejob.protocol.tensor.StreamHandshake;
import dev.pipelinejob.worker.transport.ChannelException;
import dev.pipelinejob.worker.transport.ChannelException.PeerLost;
import dev.pipelinejob.worker.transport.ChannelState;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// This worker's stream to one peer. Nothing is sent before the peer has answered the handshake, so a message is
/// always turned into bytes within {@link #send} and its memory is free afterwards.
final class OutgoingStream {
    /// Bytes that may wait in this process for the network before {@link #send} blocks.
    static final int BACKLOG_BYTES = 16 << 20;

    /// Longer than a stall that must restart nothing.
    static final int QUIET_SECONDS = 8;

    private static final long FIRST_PAUSE_MILLIS = 10;
    private static final long LONGEST_PAUSE_MILLIS = 200;

    private enum Phase {
        IDLE,
        CALLING,
        UP,
        REFUSED_FOR_NOW,
        DOWN
    }

    private final ManagedChannel connection;
    private final MethodDescriptor<TensorFrame, StreamHandshake> method;
    private final StreamHandshake handshake;
    private final Consumer<String> lost;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private Phase phase = Phase.IDLE;
    private String refusal = "no answer";
    private @Nullable ClientCall<TensorFrame, StreamHandshake> call;
    private boolean saysAlive;
    private int quiet;

    OutgoingStream(
            ManagedChannel connection,
            MethodDescriptor<TensorFrame, StreamHandshake> method,
            StreamHandshake handshake,
            Consumer<String> lost) {
        this.connection = connection;
        this.method = method;
        this.handshake = handshake;
        this.lost = lost;
    }

    /// Calls the peer; {@link #awaitUp} waits for its answer.
    void begin() {
        ClientCall<TensorFrame, StreamHandshake> next =
                connection.newCall(method, CallOptions.DEFAULT.withOnReadyThreshold(BACKLOG_BYTES));
        lock.lock();
        try {
            if (phase == Phase.DOWN) {
                return;
            }
            phase = Phase.CALLING;
            call = next;
        } finally {
            lock.unlock();
        }
        next.start(new Answers(next), TensorMethod.metadata(handshake));
        next.request(1);
    }

    /// Waits for the peer to let this worker in, and calls again while it says that it is not ready yet.
    ///
    /// @return false when the deadline passed first
    boolean awaitUp(long deadlineNanos, ChannelState state) throws ChannelException, InterruptedException {
        long pauseMillis = FIRST_PAUSE_MILLIS;
        while (true) {
            boolean again = false;
            lock.lockInterruptibly();
            try {
                while (phase == Phase.CALLING) {
                    state.requireHealthy();
                    long leftNanos = deadlineNanos - System.nanoTime();
                    if (leftNanos <= 0) {
                        return false;
                    }
                    changed.awaitNanos(leftNanos);
                }
                if (phase == Phase.UP) {
                    return true;
                }
                if (phase == Phase.DOWN) {
                    state.requireHealthy();
                    throw new PeerLost(handshake.getToRank(), refusal);
                }
                if (deadlineNanos - System.nanoTime() <= 0) {
                    return false;
                }
                changed.await(pauseMillis, TimeUnit.MILLISECONDS);
                again = phase == Phase.REFUSED_FOR_NOW;
            } finally {
                lock.unlock();
            }
            if (again) {
                pauseMillis = Math.min(LONGEST_PAUSE_MILLIS, 2 * pauseMillis);
                connection.resetConnectBackoff();
                begin();
            }
        }
    }

    String lastRefusal() {
        lock.lock();
        try {
            return refusal;
        } finally {
            lock.unlock();
        }
    }

    void send(TensorFrame.Outgoing frame, ChannelState state) throws ChannelException, InterruptedException {
        ClientCall<TensorFrame, StreamHandshake> up;
        lock.lockInterruptibly();
        try {
            up = call;
            while (phase == Phase.UP && up != null && !up.isReady()) {
                state.requireHealthy();
                changed.await();
            }
            state.requireHealthy();
            if (phase != Phase.UP || up == null) {
                throw new PeerLost(handshake.getToRank(), refusal);
            }
        } finally {
            lock.unlock();
        }
        up.sendMessage(frame);
    }

    /// Called once a second of this process's own time, so that a pause of ours is no silence of the peer's.
    /// A peer that has never said that it is there, as an older version does not, may be quiet.
    void tick() {
        lock.lock();
        try {
            if (phase != Phase.UP || !saysAlive || ++quiet <= QUIET_SECONDS) {
                return;
            }
            phase = Phase.DOWN;
            refusal = "it has said nothing for " + QUIET_SECONDS + " s";
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        lost.accept(lastRefusal());
    }

    /// Makes whoever waits here look again at the channel's state.
    void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Ends the stream and its connection at once.
    void close() {
        ClientCall<TensorFrame, StreamHandshake> open;
        lock.lock();
        try {
            phase = Phase.DOWN;
            open = call;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (open != null) {
            open.cancel("the attempt was aborted", null);
        }
        connection.shutdownNow();
    }

    private final class Answers extends ClientCall.Listener<StreamHandshake> {
        private final ClientCall<TensorFrame, StreamHandshake> own;

        Answers(ClientCall<TensorFrame, StreamHandshake> own) {
            this.own = own;
        }

        @Override
        public void onHeaders(Metadata headers) {
            become(Phase.UP, refusal);
        }

        @Override
        public void onMessage(StreamHandshake alive) {
            lock.lock();
            try {
                saysAlive = true;
                quiet = 0;
            } finally {
                lock.unlock();
            }
            own.request(1);
        }

        @Override
        public void onReady() {
            wake();
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            String detail = status.getCode() + (status.getDescription() == null ? "" : ": " + status.getDescription());
            boolean wasUp;
            lock.lock();
            try {
                if (own != call || phase == Phase.DOWN) {
                    return;
                }
                wasUp = phase == Phase.UP;
            } finally {
                lock.unlock();
            }
            if (!wasUp && status.getCode() == Status.Code.UNAVAILABLE) {
                become(Phase.REFUSED_FOR_NOW, detail);
                return;
            }
            become(Phase.DOWN, detail);
            lost.accept(detail);
        }

        private void become(Phase next, String why) {
            lock.lock();
            try {
                if (own == call && phase != Phase.DOWN) {
                    phase = next;
                    refusal = why;
                }
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }
}
