package dev.pipelinejob.worker.transport.local;

import dev.pipelinejob.worker.transport.ChannelException;
import dev.pipelinejob.worker.transport.ChannelSpec;
import dev.pipelinejob.worker.transport.ChannelSpec.PeerAddress;
import dev.pipelinejob.worker.transport.ChannelState;
import dev.pipelinejob.worker.transport.Mailbox;
import dev.pipelinejob.worker.transport.TensorChannel;
import dev.pipelinejob.worker.transport.TensorKey;
import dev.pipelinejob.worker.transport.TensorLease;
import dev.pipelinejob.worker.transport.TensorTransport.EdgeListener;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;

/// Puts messages straight into the peer's mailbox.
final class LocalChannel implements TensorChannel {
    private final LocalNetwork network;
    private final ChannelSpec spec;
    private final ChannelState state;
    private final Map<Integer, LocalChannel> connected = new ConcurrentHashMap<>();

    LocalChannel(LocalNetwork network, ChannelSpec spec, EdgeListener listener) {
        this.network = network;
        this.spec = spec;
        this.state = new ChannelState(spec, listener);
    }

    ChannelSpec spec() {
        return spec;
    }

    void requireHealthy() throws ChannelException {
        state.requireHealthy();
    }

    String address(int peer) {
        PeerAddress known = spec.peers().get(peer);
        if (known == null) {
            throw new IllegalArgumentException("Rank " + peer + " has no address.");
        }
        return known.address();
    }

    @Override
    public void connect(Duration limit) throws ChannelException, InterruptedException {
        for (int peer : spec.sendsTo()) {
            connected.put(peer, network.await(this, peer, limit));
        }
    }

    @Override
    public void send(int peer, TensorKey key, ByteBuffer payload) throws ChannelException, InterruptedException {
        state.requireHealthy();
        LocalChannel to = connected.get(peer);
        if (to == null) {
            throw new IllegalArgumentException("Rank " + peer + " was never connected.");
        }
        Mailbox mailbox = to.state.mailbox(spec.rank());
        if (mailbox == null) {
            throw new ChannelException.PeerLost(peer, "it expects nothing from rank " + spec.rank());
        }
        try {
            mailbox.awaitRoom();
        } catch (ChannelException _) {
            state.requireHealthy();
            throw new ChannelException.PeerLost(peer, "it closed its channel");
        }
        TensorLease copy = network.pool().lease(payload.remaining());
        copy.buffer().put(0, payload, payload.position(), payload.remaining());
        mailbox.put(key, copy);
    }

    @Override
    public TensorLease receive(int peer, TensorKey key, Duration limit) throws ChannelException, InterruptedException {
        return state.receive(peer, key, limit);
    }

    @Override
    public SortedMap<Integer, Long> drainReceivedBytes() {
        return state.drainReceivedBytes();
    }

    @Override
    public void close() {
        if (!state.fail(new ChannelException.Closed())) {
            return;
        }
        network.wake();
        spec.peers().forEach((_, address) -> {
            LocalChannel peer = network.at(address.address());
            if (peer != null && peer.spec.fence().equals(spec.fence()) && isEdge(peer)) {
                peer.state.peerLost(spec.rank(), "it closed its channel");
                network.wake();
            }
        });
    }

    private boolean isEdge(LocalChannel peer) {
        int other = peer.spec.rank();
        return other != spec.rank()
                && (spec.sendsTo().contains(other) || spec.credits().containsKey(other));
    }
}
