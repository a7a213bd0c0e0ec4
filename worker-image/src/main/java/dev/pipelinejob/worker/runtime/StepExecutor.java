package dev.pipelinejob.worker.runtime;

import dev.pipelinejob.worker.schedule.Operation;
import dev.pipelinejob.worker.telemetry.StepTimings;
import dev.pipelinejob.worker.transport.ChannelException;
import java.util.List;
import java.util.OptionalDouble;

/// Executes one step's list, strictly in order, and then perhaps the checkpoint's.
final class StepExecutor implements AutoCloseable {
    private final AttemptContext context;
    private final AttemptGate gate;
    private final MicroBatchOperations microBatches;
    private final TiedGradients tied;
    private final StepTail tail;
    private final CheckpointOperations checkpoint;
    private final StepTimings timings;
    private OptionalDouble loss = OptionalDouble.empty();
    private boolean committed;

    StepExecutor(AttemptContext context, AttemptGate gate) {
        DirectScratch scratch = new DirectScratch();
        this.context = context;
        this.gate = gate;
        this.microBatches = new MicroBatchOperations(context, scratch);
        this.tied = new TiedGradients(context, scratch);
        this.tail = new StepTail(context, gate, scratch);
        this.checkpoint = new CheckpointOperations(context, gate, scratch);
        this.timings = new StepTimings(context.schedule().step());
    }

    /// What one step came to.
    ///
    /// @param loss where this worker computes it
    /// @param decision the norm and what was made of it
    /// @param micros from the first operation to the last
    record StepResult(OptionalDouble loss, ClipDecision decision, long micros) {}

    StepTimings timings() {
        return timings;
    }

    StepResult step(int step, long unixMicros) throws ChannelException, AttemptStopped, InterruptedException {
        List<Operation> operations = context.schedule().step();
        loss = OptionalDouble.empty();
        tail.begin();
        timings.beginStep(unixMicros);
        for (int i = 0; i < operations.size(); i++) {
            gate.requireOpen();
            timings.begin(i);
            execute(step, operations.get(i), CheckpointOccasion.REGULAR);
            timings.end(i);
        }
        return new StepResult(loss, tail.decision(), timings.elapsedMicros());
    }

    /// Runs the checkpoint list.
    ///
    /// @return whether this worker committed it
    boolean checkpoint(int step, CheckpointOccasion occasion)
            throws ChannelException, AttemptStopped, InterruptedException {
        committed = false;
        for (Operation operation : context.schedule().checkpoint()) {
            gate.requireOpen();
            execute(step, operation, occasion);
        }
        return committed;
    }

    private void execute(int step, Operation operation, CheckpointOccasion occasion)
            throws ChannelException, AttemptStopped, InterruptedException {
        context.pass(operation.kind().name(), step);
        switch (operation.kind()) {
            case RECEIVE_ACTIVATION -> microBatches.receiveActivation(step, operation);
            case FORWARD -> microBatches.forward(step, operation);
            case SEND_ACTIVATION -> microBatches.sendActivation(step, operation);
            case RECEIVE_GRADIENT -> microBatches.receiveGradient(step, operation);
            case BACKWARD -> microBatches.backward(step, operation);
            case SEND_GRADIENT -> microBatches.sendGradient(step, operation);
            case SEND_TIED_GRADIENT -> tied.send(step, operation.peer());
            case RECEIVE_TIED_GRADIENT -> tied.receive(step, operation.peer());
            case REDUCE_TIED_GRADIENT -> tied.reduce();
            case GRADIENT_STATISTICS -> tail.gradientStatistics(operation);
            case SEND_STATISTICS -> tail.sendStatistics(step, operation);
            case RECEIVE_STATISTICS -> tail.receiveStatistics(step, operation);
            case CLIP -> tail.clip();
            case SEND_CLIP -> tail.sendClip(step, operation);
            case RECEIVE_CLIP -> tail.receiveClip(step, operation);
            case OPTIMIZER_STEP -> tail.optimizerStep(step, operation);
            case RECORD_LOSS -> recordLoss(step);
            case CHECKPOINT_PART -> checkpoint.writePart(step, operation);
            case SEND_PART -> checkpoint.sendPart(step, operation);
            case RECEIVE_PART -> checkpoint.receivePart(step, operation);
            case COMMIT -> committed = checkpoint.commit(step, occasion);
        }
    }

    private void recordLoss(int step) throws AttemptStopped {
        double mean = microBatches.meanLoss();
        loss = OptionalDouble.of(mean);
        CheckpointOperations.require(context.losses().append(step, mean));
    }

    @Override
    public void close() {
        microBatches.release();
        tied.release();
    }
}
