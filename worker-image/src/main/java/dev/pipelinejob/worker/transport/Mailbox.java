package dev.pipelinejob.worker.transport;

import dev.pipelinejob.worker.transport.ChannelException.TimedOut;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The messages of one peer that nobody has taken yet. Its size is bounded by the credits that the sender was given.
public final class Mailbox {
    private final int peer;
    private final int credits;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<TensorKey, TensorLease> unread = new HashMap<>();
    private @Nullable ChannelException failure;
    private long takenBytes;

    public Mailbox(int peer, int credits) {
        this.peer = peer;
        this.credits = credits;
    }

    public int credits() {
        return credits;
    }

    /// Puts a message in.
    ///
    /// @throws IllegalStateException when the sender broke its credits or sent a key twice
    public void put(TensorKey key, TensorLease payload) {
        lock.lock();
        try {
            if (failure != null) {
                payload.close();
                return;
            }
            if (unread.size() >= credits || unread.containsKey(key)) {
                payload.close();
                throw new IllegalStateException("Rank " + peer + " sent " + key + " while " + unread.size() + " of "
                        + credits + " messages lay unread.");
            }
            unread.put(key, payload);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Waits until there is room for one more; for senders in the same process.
    public void awaitRoom() throws ChannelException, InterruptedException {
        lock.lockInterruptibly();
        try {
            while (failure == null && unread.size() >= credits) {
                changed.await();
            }
            if (failure != null) {
                throw failure;
            }
        } finally {
            lock.unlock();
        }
    }

    /// Waits for a message.
    public TensorLease take(TensorKey key, Duration limit) throws ChannelException, InterruptedException {
        long waitNanos = limit.toNanos();
        lock.lockInterruptibly();
        try {
            while (true) {
                if (failure != null) {
                    throw failure;
                }
                TensorLease payload = unread.remove(key);
                if (payload != null) {
                    takenBytes += payload.buffer().remaining();
                    changed.signalAll();
                    return payload;
                }
                if (waitNanos <= 0) {
                    throw new TimedOut("Rank " + peer + " did not send " + key + " within " + limit.toSeconds() + " s; "
                            + unread.size() + " other messages of it lie unread.");
                }
                waitNanos = changed.awaitNanos(waitNanos);
            }
        } finally {
            lock.unlock();
        }
    }

    /// From now on every wait ends with this failure, and what lies unread is dropped: an attempt that lost a worker
    /// computes nothing that counts. The first failure stands.
    public void fail(ChannelException why) {
        lock.lock();
        try {
            if (failure == null) {
                failure = why;
            }
            unread.values().forEach(TensorLease::close);
            unread.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Payload bytes taken since the last call.
    public long drainTakenBytes() {
        lock.lock();
        try {
            long bytes = takenBytes;
            takenBytes = 0;
            return bytes;
        } finally {
            lock.unlock();
        }
    }
}
