package dev.pipelinejob.worker.transport.grpc;

import dev.pipelinejob.protocol.tensor.StreamHandshake;
import dev.pipelinejob.worker.transport.ChannelException;
import dev.pipelinejob.worker.transport.ChannelException.PeerLost;
import dev.pipelinejob.worker.transport.ChannelException.TimedOut;
import dev.pipelinejob.worker.transport.ChannelSpec;
import dev.pipelinejob.worker.transport.ChannelSpec.PeerAddress;
import dev.pipelinejob.worker.transport.ChannelState;
import dev.pipelinejob.worker.transport.Mailbox;
import dev.pipelinejob.worker.transport.TensorChannel;
import dev.pipelinejob.worker.transport.TensorKey;
import dev.pipelinejob.worker.transport.TensorLease;
import dev.pipelinejob.worker.transport.TensorTransport.EdgeListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;

/// One attempt's streams: those that this worker opened to send, and those that peers opened to it.
final class GrpcChannel implements TensorChannel {
    private final GrpcTransport transport;
    private final ChannelSpec spec;
    private final ChannelState state;
    private final Map<Integer, OutgoingStream> outgoing = new ConcurrentHashMap<>();
    private final Map<Integer, IncomingStream> incoming = new ConcurrentHashMap<>();

    GrpcChannel(GrpcTransport transport, ChannelSpec spec, EdgeListener listener) {
        this.transport = transport;
        this.spec = spec;
        this.state = new ChannelState(spec, listener);
    }

    ChannelSpec spec() {
        return spec;
    }

    /// Lets a peer's stream in that the fence has admitted.
    ServerCall.Listener<TensorFrame> accept(int peer, ServerCall<TensorFrame, StreamHandshake> call) {
        Mailbox mailbox = state.mailbox(peer);
        if (mailbox == null || !state.isHealthy()) {
            call.close(
                    Status.FAILED_PRECONDITION.withDescription(
                            "Attempt " + spec.fence().attempt() + " is over on rank " + spec.rank() + "."),
                    new Metadata());
            return new ServerCall.Listener<>() {};
        }
        IncomingStream stream =
                new IncomingStream(peer, spec.fence().attempt(), mailbox, call, detail -> peerLost(peer, detail));
        if (incoming.putIfAbsent(peer, stream) != null) {
            call.close(
                    Status.ALREADY_EXISTS.withDescription("Rank " + peer + " has a stream here already."),
                    new Metadata());
            return new ServerCall.Listener<>() {};
        }
        stream.open();
        return stream;
    }

    /// Once a second: peers are told that this worker is there, and those that say nothing are noticed.
    void tick() {
        incoming.values().forEach(IncomingStream::sayAlive);
        outgoing.values().forEach(OutgoingStream::tick);
    }

    private void peerLost(int peer, String detail) {
        state.peerLost(peer, detail);
        outgoing.values().forEach(OutgoingStream::wake);
    }

    @Override
    public void connect(Duration limit) throws ChannelException, InterruptedException {
        for (int peer : spec.sendsTo()) {
            PeerAddress address = spec.peers().get(peer);
            if (address == null) {
                throw new PeerLost(peer, "the plan sends to it but gives no address");
            }
            StreamHandshake handshake = StreamHandshake.newBuilder()
                    .setJobUid(spec.fence().jobUid())
                    .setAttempt(spec.fence().attempt())
                    .setDigest(spec.fence().digest())
                    .setFromRank(spec.rank())
                    .setToRank(peer)
                    .build();
            outgoing.put(
                    peer,
                    new OutgoingStream(
                            transport.dial(address.address(), address.identity()),
                            transport.method(),
                            handshake,
                            detail -> peerLost(peer, detail)));
        }
        long deadlineNanos = System.nanoTime() + limit.toNanos();
        for (OutgoingStream stream : outgoing.values()) {
            stream.begin();
        }
        for (Map.Entry<Integer, OutgoingStream> edge : outgoing.entrySet()) {
            if (!edge.getValue().awaitUp(deadlineNanos, state)) {
                throw new TimedOut("Rank " + edge.getKey() + " did not prepare attempt "
                        + spec.fence().attempt() + " within " + limit.toSeconds() + " s: "
                        + edge.getValue().lastRefusal());
            }
        }
    }

    @Override
    public void send(int peer, TensorKey key, ByteBuffer payload) throws ChannelException, InterruptedException {
        OutgoingStream stream = outgoing.get(peer);
        if (stream == null) {
            throw new IllegalArgumentException("Rank " + peer + " was never connected.");
        }
        stream.send(new TensorFrame.Outgoing(spec.fence().attempt(), key, payload), state);
    }

    @Override
    public TensorLease receive(int peer, TensorKey key, Duration limit) throws ChannelException, InterruptedException {
        TensorLease payload = state.receive(peer, key, limit);
        IncomingStream stream = incoming.get(peer);
        if (stream != null) {
            stream.grantOne();
        }
        return payload;
    }

    @Override
    public SortedMap<Integer, Long> drainReceivedBytes() {
        return state.drainReceivedBytes();
    }

    @Override
    public void close() {
        state.fail(new ChannelException.Closed());
        outgoing.values().forEach(OutgoingStream::close);
        incoming.values().forEach(IncomingStream::close);
    }
}
