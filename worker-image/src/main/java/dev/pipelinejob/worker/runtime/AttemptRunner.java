package dev.pipelinejob.worker.runtime;

import dev.pipelinejob.protocol.control.Abort;
import dev.pipelinejob.protocol.control.Pause;
import dev.pipelinejob.protocol.control.Prepare;
import dev.pipelinejob.protocol.control.Ready;
import dev.pipelinejob.protocol.control.Refused;
import dev.pipelinejob.protocol.control.Start;
import dev.pipelinejob.protocol.control.WorkerMessage;
import dev.pipelinejob.worker.engine.StageEngine;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes the operator's orders from any thread and carries them out on the one compute thread, which owns the engine.
/// It runs one attempt at a time and never goes back to an earlier one.
public final class AttemptRunner implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AttemptRunner.class);
    private static final long CLOSE_LIMIT_SECONDS = 30;

    private final RuntimeResources resources;
    private final Supplier<StageEngine> engines;
    private final ExecutorService compute;
    private @Nullable StageEngine engine;
    private @Nullable Attempt current;

    /// @param engines makes the engine, on the compute thread
    /// @param threadName of the compute thread
    public AttemptRunner(RuntimeResources resources, Supplier<StageEngine> engines, String threadName) {
        this.resources = resources;
        this.engines = engines;
        this.compute = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name(threadName).factory());
    }

    /// Runs a piece of work with the engine, before or between attempts.
    public void withEngine(Consumer<StageEngine> work) {
        compute.execute(() -> work.accept(engine()));
    }

    /// Only on the compute thread.
    private StageEngine engine() {
        StageEngine made = engine;
        if (made == null) {
            made = engines.get();
            engine = made;
        }
        return made;
    }

    /// Ends what runs and prepares an attempt. The answer, Ready, Corrupt or Refused, comes as a report.
    public synchronized void prepare(Prepare request) {
        Attempt before = current;
        if (before != null && request.getAttempt() <= before.number()) {
            answerOld(before, request);
            return;
        }
        if (before != null) {
            before.abort("attempt " + request.getAttempt() + " begins");
        }
        Attempt next = new Attempt(resources, request);
        current = next;
        compute.execute(() -> {
            if (before != null) {
                before.release();
            }
            next.prepare(engine());
        });
    }

    private void answerOld(Attempt own, Prepare request) {
        boolean same = request.getAttempt() == own.number();
        if (same && request.getDigest().equals(own.digest())) {
            // Asked again by an operator that lost the answer: the same answer is right as long as nothing has begun.
            Ready ready = own.readyAnswer();
            if (ready != null) {
                resources
                        .reports()
                        .accept(WorkerMessage.newBuilder().setReady(ready).build());
                return;
            }
            if (own.isPreparing()) {
                return;
            }
        }
        Refused.Reason reason = same && !request.getDigest().equals(own.digest())
                ? Refused.Reason.OTHER_DIGEST
                : Refused.Reason.STALE_ATTEMPT;
        resources
                .reports()
                .accept(WorkerMessage.newBuilder()
                        .setRefused(Refused.newBuilder()
                                .setAttempt(request.getAttempt())
                                .setReason(reason)
                                .setDetail("This worker has attempt " + own.number() + " with digest " + own.digest()
                                        + "; it takes no attempt " + request.getAttempt() + " with digest "
                                        + request.getDigest() + "."))
                        .build());
    }

    /// Begins to train, if this attempt is ready.
    public synchronized void start(Start order) {
        Attempt attempt = current;
        if (attempt == null || attempt.number() != order.getAttempt() || !attempt.claimStart()) {
            LOG.atWarn()
                    .addKeyValue("attempt", order.getAttempt())
                    .log("Told to start an attempt that is not ready here; nothing is started.");
            return;
        }
        compute.execute(attempt::train);
    }

    /// Ends an attempt if it is the current one; the process stays ready for the next.
    public synchronized void abort(Abort order) {
        Attempt attempt = current;
        if (attempt != null && attempt.number() == order.getAttempt()) {
            attempt.abort(order.getReason());
        }
    }

    /// Asks for a checkpoint of all workers after the same step, with which the attempt ends; the process stays ready
    /// for the next.
    public synchronized void pause(Pause order) {
        Attempt attempt = current;
        if (attempt != null && attempt.number() == order.getAttempt()) {
            attempt.requestPause();
        }
    }

    /// Ends everything, the engine included.
    @Override
    public void close() {
        synchronized (this) {
            if (current != null) {
                current.abort("the process ends");
            }
        }
        compute.execute(() -> {
            Attempt last = current;
            if (last != null) {
                last.release();
            }
            if (engine != null) {
                engine.close();
            }
        });
        compute.shutdown();
        try {
            if (!compute.awaitTermination(CLOSE_LIMIT_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("The compute thread did not end in time; it ends with the process.");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
