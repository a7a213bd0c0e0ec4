package dev.pipelinejob.operator.local;

import dev.pipelinejob.operator.monitor.MonitorEvent;
import dev.pipelinejob.operator.monitor.MonitorSink;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/// The bounded queue in front of the driver's loop.
final class Inbox implements MonitorSink {
    private static final int MAX_EVENTS = 4096;

    private final BlockingQueue<DriverEvent> events = new ArrayBlockingQueue<>(MAX_EVENTS);
    private final Clock clock;

    Inbox(Clock clock) {
        this.clock = clock;
    }

    @Override
    public void accept(MonitorEvent event) throws InterruptedException {
        events.put(new DriverEvent.Stream(event, clock.instant()));
    }

    /// Has the loop look again. A full queue needs no more to do so.
    void wake() {
        boolean _ = events.offer(new DriverEvent.Wake());
    }

    /// Waits for an event, at most for `limit`, and takes all that are there.
    List<DriverEvent> await(Duration limit) throws InterruptedException {
        List<DriverEvent> taken = new ArrayList<>();
        DriverEvent first = events.poll(Math.max(0, limit.toMillis()), TimeUnit.MILLISECONDS);
        if (first != null) {
            taken.add(first);
            events.drainTo(taken);
        }
        return taken;
    }
}
