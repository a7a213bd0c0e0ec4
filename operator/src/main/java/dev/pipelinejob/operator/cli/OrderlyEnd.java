package dev.pipelinejob.operator.cli;

import dev.pipelinejob.operator.local.LocalRun;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// While it is open, Ctrl-C and SIGTERM ask the run to stop, and the JVM waits, for a while, until it has.
final class OrderlyEnd implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(15);

    private final CountDownLatch over = new CountDownLatch(1);
    private final Thread hook;

    private OrderlyEnd(LocalRun run) {
        this.hook = new Thread(() -> stop(run), "orderly-end");
    }

    static OrderlyEnd of(LocalRun run) {
        OrderlyEnd end = new OrderlyEnd(run);
        Runtime.getRuntime().addShutdownHook(end.hook);
        return end;
    }

    private void stop(LocalRun run) {
        run.requestStop();
        try {
            boolean _ = over.await(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        over.countDown();
        try {
            boolean _ = Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            // The JVM is on its way down, which is what the hook was for.
        }
    }
}
