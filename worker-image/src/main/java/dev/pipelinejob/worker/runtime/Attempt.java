package dev.pipelinejob.worker.runtime;

import dev.pipelinejob.protocol.control.AttemptFailed;
import dev.pipelinejob.protocol.control.Committed;
import dev.pipelinejob.protocol.control.EdgeBytes;
import dev.pipelinejob.protocol.control.EdgeDown;
import dev.pipelinejob.protocol.control.Finished;
import dev.pipelinejob.protocol.control.Paused;
import dev.pipelinejob.protocol.control.Prepare;
import dev.pipelinejob.protocol.control.Progress;
import dev.pipelinejob.protocol.control.Ready;
import dev.pipelinejob.protocol.control.WorkerMessage;
import dev.pipelinejob.worker.engine.StageEngine;
import dev.pipelinejob.worker.runtime.StepExecutor.StepResult;
import dev.pipelinejob.worker.schedule.StageLayout.HeldStage;
import dev.pipelinejob.worker.telemetry.Sampling;
import dev.pipelinejob.worker.telemetry.StageCosts;
import dev.pipelinejob.worker.transport.ChannelException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One attempt of this worker from Prepare to its end. {@link #prepare} and {@link #train} run on the compute thread.
final class Attempt {
    private static final Logger LOG = LoggerFactory.getLogger(Attempt.class);

    private enum Phase {
        PREPARING,
        READY,
        RUNNING,
        ENDED
    }

    private final RuntimeResources resources;
    private final Prepare request;
    private final AttemptGate gate = new AttemptGate();
    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.PREPARING);
    private volatile @Nullable Ready ready;
    private @Nullable AttemptContext context;

    Attempt(RuntimeResources resources, Prepare request) {
        this.resources = resources;
        this.request = request;
    }

    int number() {
        return request.getAttempt();
    }

    String digest() {
        return request.getDigest();
    }

    boolean isPreparing() {
        return phase.get() == Phase.PREPARING;
    }

    /// What was answered, while it is still true.
    @Nullable
    Ready readyAnswer() {
        return phase.get() == Phase.READY ? ready : null;
    }

    /// Whether the caller may start it; true once.
    boolean claimStart() {
        return phase.compareAndSet(Phase.READY, Phase.RUNNING);
    }

    /// From any thread: ends what blocks at once. No report follows.
    void abort(String why) {
        Phase was = phase.getAndSet(Phase.ENDED);
        if (was != Phase.ENDED) {
            LOG.atInfo()
                    .addKeyValue("attempt", number())
                    .addKeyValue("phase", was)
                    .addKeyValue("reason", why)
                    .log("The attempt is aborted.");
        }
        gate.close();
    }

    /// From any thread: asks for the attempt's orderly end. Only the root's request counts, so anybody may be asked.
    void requestPause() {
        gate.requestPause();
    }

    void prepare(StageEngine engine) {
        guarded(() -> {
            gate.requireOpen();
            switch (new Preparation(resources, engine, request, gate).run(this::edgeDown)) {
                case PrepareOutcome.IsReady loaded -> becomeReady(loaded);
                case PrepareOutcome.IsCorrupt corrupt ->
                    end(WorkerMessage.newBuilder().setCorrupt(corrupt.report()));
                case PrepareOutcome.IsRefused refused ->
                    end(WorkerMessage.newBuilder().setRefused(refused.report()));
            }
        });
    }

    private void becomeReady(PrepareOutcome.IsReady loaded) {
        context = loaded.context();
        Ready answer = Ready.newBuilder()
                .setAttempt(number())
                .setDigest(digest())
                .setDataDigest(loaded.context().tokens().digest())
                .setLoadMicros(loaded.loadMicros())
                .build();
        ready = answer;
        if (phase.compareAndSet(Phase.PREPARING, Phase.READY)) {
            report(WorkerMessage.newBuilder().setReady(answer));
        }
    }

    void train() {
        AttemptContext prepared = context;
        if (prepared == null) {
            return;
        }
        guarded(() -> {
            try (StepExecutor executor = new StepExecutor(prepared, gate)) {
                train(prepared, executor);
            }
        });
    }

    private void train(AttemptContext prepared, StepExecutor executor)
            throws ChannelException, AttemptStopped, InterruptedException {
        int steps = request.getJob().getTraining().getSteps();
        int everySteps = request.getJob().getCheckpoint().getEverySteps();
        StageCosts costs = new StageCosts(
                prepared.layout().own().stream().map(HeldStage::index).toList());
        for (int step = request.getResumeStep() + 1; step <= steps; step++) {
            StepResult result = executor.step(step, unixMicros());
            reportStep(prepared, executor, costs, step, result);
            boolean pauses = result.decision().pauses() && step < steps;
            if (step == steps) {
                checkpoint(prepared, executor, step, CheckpointOccasion.FINAL);
            } else if (pauses) {
                checkpoint(prepared, executor, step, CheckpointOccasion.PAUSE);
                end(WorkerMessage.newBuilder()
                        .setPaused(Paused.newBuilder().setAttempt(number()).setStep(step)));
                return;
            } else if (everySteps > 0 && step % everySteps == 0) {
                checkpoint(prepared, executor, step, CheckpointOccasion.REGULAR);
            }
        }
        // The channel stays open: peers may still take what was sent to them.
        end(WorkerMessage.newBuilder()
                .setFinished(Finished.newBuilder().setAttempt(number()).setStep(steps)));
    }

    private void checkpoint(AttemptContext prepared, StepExecutor executor, int step, CheckpointOccasion occasion)
            throws ChannelException, AttemptStopped, InterruptedException {
        long startNanos = System.nanoTime();
        if (executor.checkpoint(step, occasion)) {
            report(WorkerMessage.newBuilder()
                    .setCommitted(Committed.newBuilder()
                            .setAttempt(number())
                            .setStep(step)
                            .setFinal(occasion == CheckpointOccasion.FINAL)
                            .setCheckpointMicros((System.nanoTime() - startNanos) / 1000)));
        }
        prepared.channel().drainReceivedBytes();
    }

    private void reportStep(
            AttemptContext prepared, StepExecutor executor, StageCosts costs, int step, StepResult result) {
        int ofAttempt = step - request.getResumeStep();
        Progress.Builder progress = Progress.newBuilder()
                .setAttempt(number())
                .setStep(step)
                .setStepMicros(result.micros())
                .setCompletedUnixMicros(unixMicros())
                .setSkippedNonFinite(result.decision().skips())
                .setGradientNorm(result.decision().norm());
        result.loss().ifPresent(progress::setLoss);
        prepared.channel()
                .drainReceivedBytes()
                .forEach((peer, bytes) -> progress.addEdgeBytes(EdgeBytes.newBuilder()
                        .setFromRank(peer)
                        .setToRank(request.getRank())
                        .setBytes(bytes)));
        if (Sampling.measures(ofAttempt)) {
            costs.add(executor.timings());
        }
        if (Sampling.reportsCosts(ofAttempt)) {
            progress.addAllStageCosts(costs.drain());
        }
        report(WorkerMessage.newBuilder().setProgress(progress));
        if (Sampling.traces(ofAttempt)) {
            report(WorkerMessage.newBuilder().setTrace(executor.timings().trace(number(), step, request.getRank())));
        }
    }

    private void edgeDown(int peer, String detail) {
        if (phase.get() != Phase.ENDED) {
            report(WorkerMessage.newBuilder()
                    .setEdgeDown(EdgeDown.newBuilder()
                            .setAttempt(number())
                            .setPeerRank(peer)
                            .setDetail(detail)));
        }
    }

    private interface Work {
        void run() throws ChannelException, AttemptStopped, InterruptedException;
    }

    private void guarded(Work work) {
        try {
            work.run();
        } catch (ChannelException.Closed _) {
            // Aborted from this side: whoever did it knows.
        } catch (ChannelException e) {
            fail(AttemptFailed.Reason.PEER_LOST, e);
        } catch (AttemptStopped e) {
            fail(e.reason(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            fail(AttemptFailed.Reason.INTERNAL, e);
        } catch (RuntimeException e) {
            // The edge of the compute thread: a bug must end the attempt, not the thread that the next one needs.
            LOG.atError().addKeyValue("attempt", number()).setCause(e).log("The attempt failed by a bug.");
            fail(AttemptFailed.Reason.INTERNAL, e);
        }
    }

    private void fail(AttemptFailed.Reason reason, Exception why) {
        LOG.atWarn()
                .addKeyValue("attempt", number())
                .addKeyValue("reason", reason)
                .addKeyValue("detail", why.getMessage())
                .log("The attempt cannot go on here.");
        end(WorkerMessage.newBuilder()
                .setAttemptFailed(AttemptFailed.newBuilder()
                        .setAttempt(number())
                        .setReason(reason)
                        .setDetail(why.getClass().getSimpleName() + ": " + why.getMessage())));
        gate.close();
    }

    /// The attempt's last report, unless it was aborted before.
    private void end(WorkerMessage.Builder last) {
        if (phase.getAndSet(Phase.ENDED) != Phase.ENDED) {
            report(last);
        }
    }

    private void report(WorkerMessage.Builder message) {
        resources.reports().accept(message.build());
    }

    private long unixMicros() {
        return TimeUnit.MILLISECONDS.toMicros(resources.clock().millis());
    }

    /// On the compute thread, when the attempt will never run again.
    void release() {
        gate.close();
        if (context != null) {
            context.close();
            context = null;
        }
    }
}
