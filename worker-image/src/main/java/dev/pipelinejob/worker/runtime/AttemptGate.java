package dev.pipelinejob.worker.runtime;

import dev.pipelinejob.worker.transport.ChannelException;
import dev.pipelinejob.worker.transport.TensorChannel;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Lets any thread end an attempt that the compute thread is busy with: what blocks ends at once, what computes ends
/// with the operation that it is in.
final class AttemptGate {
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicReference<@Nullable TensorChannel> channel = new AtomicReference<>();
    private volatile boolean pauseRequested;

    /// Hands over the channel that {@link #close} must close; it does so at once when it was called before.
    void guard(TensorChannel opened) {
        channel.set(opened);
        if (isClosed()) {
            opened.close();
        }
    }

    /// Asks for the attempt's orderly end after the present step.
    void requestPause() {
        pauseRequested = true;
    }

    boolean isPauseRequested() {
        return pauseRequested;
    }

    void close() {
        closed.countDown();
        TensorChannel opened = channel.get();
        if (opened != null) {
            opened.close();
        }
    }

    boolean isClosed() {
        return closed.getCount() == 0;
    }

    void requireOpen() throws ChannelException.Closed {
        if (isClosed()) {
            throw new ChannelException.Closed();
        }
    }

    /// Waits, but not beyond {@link #close}.
    void pause(Duration duration) throws ChannelException.Closed, InterruptedException {
        if (closed.await(duration.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new ChannelException.Closed();
        }
    }
}
