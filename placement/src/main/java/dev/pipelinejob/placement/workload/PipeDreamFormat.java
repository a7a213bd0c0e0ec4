package dev.pipelinejob.placement.workload;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;

/// A profile of PipeDream, read for training.
///
/// Each layer becomes a forward and a backward node that share a device. Backward edges run the other way; the output
/// of a backward node is the gradient of its layer's input, so it is as large as the largest activation that the
/// layer reads. Each of the two nodes needs the layer's parameters and activations.
final class PipeDreamFormat {
    private static final String BACKWARD = "-backward";

    private final PipeDreamReading file;
    private final ReadOptions options;

    private PipeDreamFormat(PipeDreamReading file, ReadOptions options) {
        this.file = file;
        this.options = options;
    }

    static Workload read(InputStream stream, ReadOptions options) throws IOException {
        Devices devices = options.devices(null, null, null);
        if (devices.cpus() > 0) {
            throw new InvalidWorkload("A PipeDream profile has no CPU times: use 0 CPUs, not " + devices.cpus() + ".");
        }
        return new PipeDreamFormat(PipeDreamReading.of(stream), options).workload(devices);
    }

    private Workload workload(Devices devices) {
        WorkloadBuilder builder = new WorkloadBuilder();
        file.layers.forEach((id, layer) -> builder.node(node(id, id, layer.forwardMillis(), layer)));
        file.layers.forEach((id, layer) -> builder.node(node(id, id + BACKWARD, layer.backwardMillis(), layer)));
        Map<String, Double> largestInput = new HashMap<>();
        for (String[] edge : file.edges) {
            builder.edge(edge[0], edge[1], options.millis(activation(edge[0])));
            largestInput.merge(edge[1], activation(edge[0]), Math::max);
        }
        for (String[] edge : file.edges) {
            builder.edge(
                    edge[1] + BACKWARD, edge[0] + BACKWARD, options.millis(largestInput.getOrDefault(edge[1], 0.0)));
        }
        return builder.build(devices);
    }

    private double activation(String id) {
        PipeDreamReading.Layer layer = file.layers.get(id);
        return layer == null ? 0 : layer.activationBytes();
    }

    private static WorkloadBuilder.Node node(String layerId, String id, double millis, PipeDreamReading.Layer layer) {
        return new WorkloadBuilder.Node(
                id,
                millis,
                Double.POSITIVE_INFINITY,
                layer.activationBytes() + layer.parameterBytes(),
                true,
                id.endsWith(BACKWARD) && !id.equals(layerId),
                layerId);
    }
}
