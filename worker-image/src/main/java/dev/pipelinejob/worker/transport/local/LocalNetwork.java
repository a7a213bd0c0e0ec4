package dev.pipelinejob.worker.transport.local;

import dev.pipelinejob.worker.transport.BufferPool;
import dev.pipelinejob.worker.transport.ChannelException;
import dev.pipelinejob.worker.transport.ChannelSpec;
import dev.pipelinejob.worker.transport.ChannelSpec.Fence;
import dev.pipelinejob.worker.transport.TensorTransport;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The transports of one JVM and the channels that they have open.
public final class LocalNetwork {
    private final BufferPool pool = new BufferPool();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<String, LocalChannel> open = new HashMap<>();

    /// A transport whose address is `name`.
    public TensorTransport transport(String name) {
        return new LocalTransport(this, name);
    }

    BufferPool pool() {
        return pool;
    }

    void opened(String address, LocalChannel channel) {
        lock.lock();
        try {
            open.put(address, channel);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Wakes those that wait for a peer, so that they look at their own state again.
    void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// The open channel at an address, or null.
    @Nullable
    LocalChannel at(String address) {
        lock.lock();
        try {
            return open.get(address);
        } finally {
            lock.unlock();
        }
    }

    /// Waits for a peer to prepare the same attempt.
    LocalChannel await(LocalChannel waiting, int peer, Duration limit) throws ChannelException, InterruptedException {
        ChannelSpec spec = waiting.spec();
        String address = waiting.address(peer);
        long waitNanos = limit.toNanos();
        lock.lockInterruptibly();
        try {
            while (true) {
                waiting.requireHealthy();
                LocalChannel found = open.get(address);
                if (found != null && found.spec().fence().equals(spec.fence())) {
                    return found;
                }
                if (found != null && !isEarlier(found.spec().fence(), spec.fence())) {
                    throw new ChannelException.PeerLost(
                            peer,
                            "it refused this worker's " + spec.fence() + " for its own "
                                    + found.spec().fence());
                }
                if (waitNanos <= 0) {
                    throw new ChannelException.TimedOut("Rank " + peer + " at " + address + " did not prepare attempt "
                            + spec.fence().attempt() + " within " + limit.toMillis() + " ms.");
                }
                waitNanos = changed.awaitNanos(waitNanos);
            }
        } finally {
            lock.unlock();
        }
    }

    private static boolean isEarlier(Fence found, Fence wanted) {
        return found.jobUid().equals(wanted.jobUid()) && found.attempt() < wanted.attempt();
    }
}
