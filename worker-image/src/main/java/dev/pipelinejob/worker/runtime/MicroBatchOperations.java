package dev.pipelinejob.worker.runtime;

import dev.pipelinejob.worker.engine.Boundary;
import dev.pipelinejob.worker.engine.Input;
import dev.pipelinejob.worker.engine.WorkKey;
import dev.pipelinejob.worker.schedule.Operation;
import dev.pipelinejob.worker.transport.ChannelException;
import dev.pipelinejob.worker.transport.TensorKey;
import dev.pipelinejob.worker.transport.TensorKey.Kind;
import dev.pipelinejob.worker.transport.TensorLease;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Forward and backward of single micro-batches, and their way from and to the neighbours.
final class MicroBatchOperations {
    private final AttemptContext context;
    private final DirectScratch scratch;
    private final Map<WorkKey, TensorLease> activations = new HashMap<>();
    private final Map<WorkKey, TensorLease> gradients = new HashMap<>();
    private final double[] losses;

    MicroBatchOperations(AttemptContext context, DirectScratch scratch) {
        this.context = context;
        this.scratch = scratch;
        this.losses = new double[context.microBatches()];
    }

    void receiveActivation(int step, Operation operation) throws ChannelException, InterruptedException {
        activations.put(
                key(step, operation),
                receive(operation.peer(), message(step, Kind.ACTIVATION, operation.stage(), operation)));
    }

    void forward(int step, Operation operation) {
        WorkKey key = key(step, operation);
        try (TensorLease received = activations.remove(key)) {
            context.engine().forward(key, input(key, received), operation.rematerialize());
        }
        if (key.stage() == context.layout().lastStage()) {
            ByteBuffer targets = scratch.of(context.sampler().targetBytes());
            context.sampler().targets(step, key.microBatch(), targets);
            losses[key.microBatch()] = context.engine().loss(key, targets);
        }
    }

    private Input input(WorkKey key, @Nullable TensorLease received) {
        if (received != null) {
            return new Input.Buffer(received.buffer());
        }
        if (key.stage() > 0) {
            return new Input.FromStage(key.stage() - 1);
        }
        ByteBuffer tokens = scratch.of(context.sampler().inputBytes());
        context.sampler().inputs(key.step(), key.microBatch(), tokens);
        return new Input.Buffer(tokens);
    }

    void sendActivation(int step, Operation operation) throws ChannelException, InterruptedException {
        ByteBuffer output = scratch.of(context.engine().boundaryBytes(operation.stage(), Boundary.OUTPUT));
        context.engine().readOutput(key(step, operation), output.duplicate().order(output.order()));
        context.channel()
                .send(operation.peer(), message(step, Kind.ACTIVATION, operation.stage() + 1, operation), output);
    }

    void receiveGradient(int step, Operation operation) throws ChannelException, InterruptedException {
        gradients.put(
                key(step, operation),
                receive(operation.peer(), message(step, Kind.GRADIENT, operation.stage() + 1, operation)));
    }

    void backward(int step, Operation operation) {
        WorkKey key = key(step, operation);
        try (TensorLease received = gradients.remove(key)) {
            context.engine().backward(key, upstream(key, received), 1.0 / context.microBatches());
        }
        if (key.stage() == 0) {
            context.engine().drop(key);
        }
    }

    private Input upstream(WorkKey key, @Nullable TensorLease received) {
        if (received != null) {
            return new Input.Buffer(received.buffer());
        }
        return key.stage() == context.layout().lastStage() ? new Input.None() : new Input.FromStage(key.stage() + 1);
    }

    void sendGradient(int step, Operation operation) throws ChannelException, InterruptedException {
        ByteBuffer gradient = scratch.of(context.engine().boundaryBytes(operation.stage(), Boundary.INPUT));
        context.engine()
                .readInputGradient(key(step, operation), gradient.duplicate().order(gradient.order()));
        context.channel().send(operation.peer(), message(step, Kind.GRADIENT, operation.stage(), operation), gradient);
    }

    /// The step's loss: the micro-batches' mean losses added in order, then divided by their number.
    double meanLoss() {
        double sum = 0;
        for (double loss : losses) {
            sum += loss;
        }
        return sum / losses.length;
    }

    private TensorLease receive(int peer, TensorKey message) throws ChannelException, InterruptedException {
        return context.channel().receive(peer, message, context.receiveLimit());
    }

    private static WorkKey key(int step, Operation operation) {
        return new WorkKey(operation.stage(), step, operation.microBatch());
    }

    /// A message is named after the stage above the boundary that it crosses, which both ends know.
    private static TensorKey message(int step, Kind kind, int upperStage, Operation operation) {
        return new TensorKey(step, kind, upperStage, operation.microBatch());
    }

    /// Gives back what an aborted step left.
    void release() {
        activations.values().forEach(TensorLease::close);
        gradients.values().forEach(TensorLease::close);
        activations.clear();
        gradients.clear();
    }
}
