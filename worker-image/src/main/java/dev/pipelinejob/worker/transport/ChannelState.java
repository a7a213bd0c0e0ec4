package dev.pipelinejob.worker.transport;

import dev.pipelinejob.worker.transport.ChannelException.PeerLost;
import dev.pipelinejob.worker.transport.TensorTransport.EdgeListener;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What every implementation of {@link TensorChannel} shares: the mailboxes, and one failure for all of them, because
/// no worker can go on when one is lost.
public final class ChannelState {
    private final SortedMap<Integer, Mailbox> mailboxes = new TreeMap<>();
    private final EdgeListener listener;
    private final Set<Integer> reported = new HashSet<>();
    private volatile @Nullable ChannelException failure;

    public ChannelState(ChannelSpec spec, EdgeListener listener) {
        this.listener = listener;
        spec.credits().forEach((peer, credits) -> mailboxes.put(peer, new Mailbox(peer, credits)));
    }

    /// The mailbox of a peer that this worker receives from, else null.
    public @Nullable Mailbox mailbox(int peer) {
        return mailboxes.get(peer);
    }

    public TensorLease receive(int peer, TensorKey key, Duration limit) throws ChannelException, InterruptedException {
        Mailbox mailbox = mailboxes.get(peer);
        if (mailbox == null) {
            throw new IllegalArgumentException("Rank " + peer + " has no credit to send " + key + " here.");
        }
        return mailbox.take(key, limit);
    }

    public void requireHealthy() throws ChannelException {
        ChannelException why = failure;
        if (why != null) {
            throw why;
        }
    }

    public boolean isHealthy() {
        return failure == null;
    }

    /// Tells the listener and fails the channel, once a peer. In this order: who fails for it is to have said why.
    public void peerLost(int peer, String detail) {
        PeerLost why = new PeerLost(peer, detail);
        synchronized (reported) {
            if (failure instanceof ChannelException.Closed || !reported.add(peer)) {
                return;
            }
        }
        listener.edgeDown(peer, detail);
        fail(why);
    }

    /// Fails every wait, now and later; the first failure stands.
    ///
    /// @return whether this was the first
    public boolean fail(ChannelException why) {
        synchronized (reported) {
            if (failure != null) {
                return false;
            }
            failure = why;
        }
        mailboxes.values().forEach(mailbox -> mailbox.fail(why));
        return true;
    }

    public SortedMap<Integer, Long> drainReceivedBytes() {
        SortedMap<Integer, Long> bytes = new TreeMap<>();
        mailboxes.forEach((peer, mailbox) -> bytes.put(peer, mailbox.drainTakenBytes()));
        return bytes;
    }
}
