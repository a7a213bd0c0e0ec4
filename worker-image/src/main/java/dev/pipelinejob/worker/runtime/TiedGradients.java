package dev.pipelinejob.worker.runtime;

import dev.pipelinejob.worker.engine.Input;
import dev.pipelinejob.worker.engine.Parameter;
import dev.pipelinejob.worker.schedule.StageLayout.HeldStage;
import dev.pipelinejob.worker.transport.ChannelException;
import dev.pipelinejob.worker.transport.TensorKey;
import dev.pipelinejob.worker.transport.TensorKey.Kind;
import dev.pipelinejob.worker.transport.TensorLease;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// The sum over all uses of a tied parameter, in layer order, on every worker that holds a use. The catalogue ties the
/// first layer's embedding to the last layer's output, so a tied parameter has these two uses.
final class TiedGradients {
    private final AttemptContext context;
    private final DirectScratch scratch;
    private final List<Parameter> ownUses;
    private final SortedMap<Integer, TensorLease> receivedByLayer = new TreeMap<>();

    TiedGradients(AttemptContext context, DirectScratch scratch) {
        this.context = context;
        this.scratch = scratch;
        this.ownUses = context.engine().parameters().stream()
                .filter(parameter -> parameter.tiedGroup() != null)
                .toList();
    }

    void send(int step, int peer) throws ChannelException, InterruptedException {
        for (Parameter use : ownUses) {
            ByteBuffer accumulator = scratch.of(bytes(use));
            context.engine()
                    .readTiedGradient(
                            use.stage(), use.name(), accumulator.duplicate().order(accumulator.order()));
            context.channel().send(peer, message(step, use.layer()), accumulator);
        }
    }

    void receive(int step, int peer) throws ChannelException, InterruptedException {
        for (int layer : List.of(0, context.layout().endLayer() - 1)) {
            if (holds(peer, layer)) {
                receivedByLayer.put(
                        layer, context.channel().receive(peer, message(step, layer), context.receiveLimit()));
            }
        }
    }

    private boolean holds(int rank, int layer) {
        return context.layout().heldBy(rank).stream().anyMatch(stage -> contains(stage, layer));
    }

    private static boolean contains(HeldStage stage, int layer) {
        return stage.firstLayer() <= layer && layer < stage.endLayer();
    }

    void reduce() {
        if (ownUses.isEmpty()) {
            return;
        }
        SortedMap<Integer, Input> uses = new TreeMap<>();
        ownUses.forEach(use -> uses.put(use.layer(), new Input.None()));
        receivedByLayer.forEach((layer, lease) -> uses.put(layer, new Input.Buffer(lease.buffer())));
        context.engine().reduceTied(ownUses.getFirst().name(), new ArrayList<>(uses.values()));
        release();
    }

    void release() {
        receivedByLayer.values().forEach(TensorLease::close);
        receivedByLayer.clear();
    }

    private static TensorKey message(int step, int layer) {
        return new TensorKey(step, Kind.TIED_GRADIENT, layer, -1);
    }

    private static long bytes(Parameter parameter) {
        return parameter.shape().stream().mapToLong(Long::longValue).reduce(Float.BYTES, Math::multiplyExact);
    }
}
