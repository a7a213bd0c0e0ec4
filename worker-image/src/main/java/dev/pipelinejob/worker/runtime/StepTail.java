package dev.pipelinejob.worker.runtime;

import dev.pipelinejob.worker.engine.StepNumbers;
import dev.pipelinejob.worker.schedule.Operation;
import dev.pipelinejob.worker.schedule.StageLayout.HeldStage;
import dev.pipelinejob.worker.transport.ChannelException;
import dev.pipelinejob.worker.transport.TensorKey;
import dev.pipelinejob.worker.transport.TensorKey.Kind;
import dev.pipelinejob.worker.transport.TensorLease;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// What follows the last backward of a step: the global norm, the clip decision and the optimizer. A pause that the
/// root was asked for becomes part of its decision.
final class StepTail {
    private static final int NOWHERE = -1;

    private final AttemptContext context;
    private final AttemptGate gate;
    private final DirectScratch scratch;
    private final LearningRate learningRate;
    private final SortedMap<Integer, double[]> statistics = new TreeMap<>();
    private ClipDecision decision = ClipDecision.NONE;

    StepTail(AttemptContext context, AttemptGate gate, DirectScratch scratch) {
        this.context = context;
        this.gate = gate;
        this.scratch = scratch;
        this.learningRate = new LearningRate(context.request().getJob().getTraining());
    }

    void begin() {
        statistics.clear();
        decision = ClipDecision.NONE;
    }

    ClipDecision decision() {
        return decision;
    }

    void gradientStatistics(Operation operation) {
        concerned(operation)
                .forEach(stage -> statistics.put(stage, context.engine().gradientStatistics(stage)));
    }

    void sendStatistics(int step, Operation operation) throws ChannelException, InterruptedException {
        for (int stage : concerned(operation)) {
            double[] own = statistics.getOrDefault(stage, new double[0]);
            ByteBuffer payload = scratch.of((long) own.length * Double.BYTES);
            for (int i = 0; i < own.length; i++) {
                payload.putDouble(i * Double.BYTES, own[i]);
            }
            context.channel().send(operation.peer(), new TensorKey(step, Kind.STATISTICS, stage, NOWHERE), payload);
        }
    }

    void receiveStatistics(int step, Operation operation) throws ChannelException, InterruptedException {
        for (HeldStage stage : context.layout().heldBy(operation.peer())) {
            TensorKey message = new TensorKey(step, Kind.STATISTICS, stage.index(), NOWHERE);
            try (TensorLease received = context.channel().receive(operation.peer(), message, context.receiveLimit())) {
                ByteBuffer payload = received.buffer().slice().order(ByteOrder.LITTLE_ENDIAN);
                double[] theirs = new double[payload.remaining() / Double.BYTES];
                payload.asDoubleBuffer().get(theirs);
                statistics.put(stage.index(), theirs);
            }
        }
    }

    /// Adds in canonical order, parameter by parameter: so the norm does not depend on who held which layers.
    void clip() {
        double sum = 0;
        for (double[] stage : statistics.values()) {
            for (double parameter : stage) {
                sum += parameter;
            }
        }
        decision = ClipDecision.of(sum, context.request().getJob().getTraining().getGradientClipNorm())
                .withPause(gate.isPauseRequested());
    }

    void sendClip(int step, Operation operation) throws ChannelException, InterruptedException {
        ByteBuffer payload = scratch.of(ClipDecision.BYTES);
        decision.encode(payload);
        context.channel().send(operation.peer(), new TensorKey(step, Kind.CLIP, NOWHERE, NOWHERE), payload);
    }

    void receiveClip(int step, Operation operation) throws ChannelException, InterruptedException {
        TensorKey message = new TensorKey(step, Kind.CLIP, NOWHERE, NOWHERE);
        try (TensorLease received = context.channel().receive(operation.peer(), message, context.receiveLimit())) {
            decision = ClipDecision.decode(received.buffer());
        }
    }

    void optimizerStep(int step, Operation operation) {
        StepNumbers numbers = new StepNumbers(step, learningRate.at(step), decision.coefficient(), decision.skips());
        concerned(operation).forEach(stage -> context.engine().step(stage, numbers));
    }

    private List<Integer> concerned(Operation operation) {
        return operation.stage() == Operation.NONE
                ? context.layout().own().stream().map(HeldStage::index).toList()
                : List.of(operation.stage());
    }
}
