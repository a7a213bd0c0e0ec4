package dev.pipelinejob.worker.checkpoint;

import dev.pipelinejob.worker.engine.StateTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/// A small model of eight layers, each with a weight, a bias and one moment of each, whose values are computed.
final class Samples {
    static final int LAYERS = 8;
    static final String DATA = "data-digest";
    static final String NUMERICS = "numerics";
    static final String TRAINING = "training";

    private Samples() {}

    static List<StateTensor> tensors(int firstLayer, int endLayer) {
        List<StateTensor> tensors = new ArrayList<>();
        for (int layer = firstLayer; layer < endLayer; layer++) {
            for (String name : List.of("weight", "weight.exp_avg", "bias", "bias.exp_avg")) {
                List<Long> shape = name.startsWith("weight") ? List.of(3L, 5L) : List.of(3L);
                tensors.add(new StateTensor("blocks." + layer + "." + name, layer, shape));
            }
        }
        return tensors;
    }

    static List<String> parameters(int firstLayer, int endLayer) {
        return tensors(firstLayer, endLayer).stream()
                .map(StateTensor::name)
                .filter(name -> !name.endsWith(".exp_avg"))
                .toList();
    }

    /// The state after a step: the same whichever attempt computes it.
    static TensorSource state(int step) {
        return (tensor, into) -> {
            for (int index = 0; into.hasRemaining(); index++) {
                into.putFloat(value(step, tensor.name(), index));
            }
        };
    }

    static float value(int step, String name, int index) {
        return (name.hashCode() * 31 + step * 1000 + index) / 7f;
    }

    static byte[] bytes(int step, StateTensor tensor) {
        ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(tensor.bytes())).order(ByteOrder.LITTLE_ENDIAN);
        for (int index = 0; bytes.hasRemaining(); index++) {
            bytes.putFloat(value(step, tensor.name(), index));
        }
        return bytes.array();
    }

    /// What is in a store that can be listed.
    static Inventory inventory(CheckpointStore store) {
        return (Inventory) store.inventory();
    }

    /// Writes all parts of a step, cut into `stages` equal stages; the first failure ends it.
    static List<Part> writeParts(CheckpointStore store, int step, int attempt, int stages) {
        List<Part> parts = new ArrayList<>();
        int width = LAYERS / stages;
        for (int first = 0; first < LAYERS; first += width) {
            PartRequest request = new PartRequest(
                    step,
                    attempt,
                    first,
                    first + width,
                    tensors(first, first + width),
                    parameters(first, first + width));
            PartOutcome outcome = store.writePart(request, state(step));
            if (!(outcome instanceof PartOutcome.PartWritten(Part part))) {
                throw new AssertionError(outcome);
            }
            parts.add(part);
        }
        return parts;
    }

    static Manifest manifest(int step, int attempt, List<Part> parts, boolean finished) {
        return new Manifest(step, attempt, step * 32L, DATA, NUMERICS, TRAINING, parts, finished);
    }

    static CommitOutcome checkpoint(CheckpointStore store, int step, int attempt, int stages) {
        return store.commit(manifest(step, attempt, writeParts(store, step, attempt, stages), false));
    }
}
