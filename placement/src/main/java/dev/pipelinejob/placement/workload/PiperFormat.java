package dev.pipelinejob.placement.workload;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// JSON of Piper, read as plain layers: tensor-parallel degree 1, nothing recomputed, one micro-batch in flight.
///
/// Where a layer's output has different sizes on different edges, the largest counts for all of them.
final class PiperFormat {
    private static final int DEGREE = 1;
    private static final String CHOICE = "vanilla";
    private static final double MILLIS_PER_SECOND = 1000;

    private PiperFormat() {}

    static Workload read(InputStream stream, ReadOptions options) throws IOException {
        PiperReading file = PiperReading.of(stream);
        Devices devices = options.devices(file.devices, null, file.memoryBytes);
        if (devices.cpus() > 0) {
            throw new InvalidWorkload("A Piper file has no CPU times: use 0 CPUs, not " + devices.cpus() + ".");
        }
        WorkloadBuilder builder = new WorkloadBuilder();
        for (PiperReading.Node node : file.nodes) {
            PiperReading.Choice plain = plain(node);
            builder.node(new WorkloadBuilder.Node(
                    node.id(),
                    plain.secondsPerSample() * MILLIS_PER_SECOND,
                    Double.POSITIVE_INFINITY,
                    orZero(plain.bytesPerMicroBatch()) + orZero(plain.bytes()),
                    true,
                    false,
                    ""));
        }
        Map<String, Double> largest = new HashMap<>();
        file.edges.forEach(edge -> largest.merge(edge.source(), edge.bytes(), Math::max));
        for (PiperReading.Edge edge : file.edges) {
            double bytes = largest.getOrDefault(edge.source(), 0.0);
            builder.edge(edge.source(), edge.target(), options.millis(bytes));
        }
        return builder.build(devices);
    }

    private static double orZero(double bytes) {
        return Double.isNaN(bytes) ? 0 : bytes;
    }

    private static PiperReading.Choice plain(PiperReading.Node node) {
        return node.choices().getOrDefault(DEGREE, List.of()).stream()
                .filter(choice -> choice.id().equals(CHOICE))
                .findFirst()
                .orElseThrow(
                        () -> new InvalidWorkload("Node " + node.id() + " has no choice " + CHOICE + " of degree 1."));
    }
}
