package dev.pipelinejob.placement.workload;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A profile of PipeDream, read for training.
///
/// Each layer becomes a forward and a backward node that share a device. Backward edges run the other way; the output
/// of a backward node is the gradient of its layer's input, so it is as large as the largest activation that the
/// layer reads. Each of the two nodes needs the layer's parameters and activations.
final class PipeDreamFormat {
    private static final int LONGEST_LINE = 1 << 16;
    private static final String SEPARATOR = " -- ";
    private static final String BACKWARD = "-backward";

    private final Map<String, Layer> layers = new LinkedHashMap<>();
    private final List<String[]> edges = new ArrayList<>();
    private final ReadOptions options;

    private PipeDreamFormat(ReadOptions options) {
        this.options = options;
    }

    private record Layer(double forwardMillis, double backwardMillis, double activationBytes, double parameterBytes) {}

    static Workload read(InputStream stream, ReadOptions options) throws IOException {
        Devices devices = options.devices(null, null, null);
        if (devices.cpus() > 0) {
            throw new InvalidWorkload("A PipeDream profile has no CPU times: use 0 CPUs, not " + devices.cpus() + ".");
        }
        PipeDreamFormat profile = new PipeDreamFormat(options);
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            int number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                profile.line(line, ++number);
            }
        }
        return profile.workload(devices);
    }

    private void line(String line, int number) {
        if (line.isBlank()) {
            return;
        }
        if (line.length() > LONGEST_LINE) {
            throw new InvalidWorkload("Line " + number + " is longer than " + LONGEST_LINE + " characters.");
        }
        if (line.startsWith("\t")) {
            String[] ends = line.strip().split(SEPARATOR, -1);
            if (ends.length != 2) {
                throw new InvalidWorkload("Line " + number + " is no edge: expected two layers with -- between.");
            }
            edges.add(ends);
            return;
        }
        int first = line.indexOf(SEPARATOR);
        int costs = line.indexOf(SEPARATOR + "forward_compute_time=");
        if (first < 0 || costs < 0) {
            throw new InvalidWorkload("Line " + number + " is no layer: expected a name, a description and costs.");
        }
        String id = line.substring(0, first);
        if (layers.put(id, layer(line.substring(costs + SEPARATOR.length()), number)) != null) {
            throw new InvalidWorkload("Layer " + id + " appears twice (line " + number + ").");
        }
    }

    private static Layer layer(String costs, int number) {
        Map<String, Double> values = new HashMap<>();
        int stage = costs.indexOf(SEPARATOR);
        for (String part : (stage < 0 ? costs : costs.substring(0, stage)).split(", ", -1)) {
            int equals = part.indexOf('=');
            if (equals < 0) {
                throw new InvalidWorkload("Line " + number + " has a cost without a value: " + part + ".");
            }
            values.put(
                    part.substring(0, equals).strip(),
                    sum(part.substring(equals + 1).strip(), number));
        }
        return new Layer(
                take(values, "forward_compute_time", number),
                take(values, "backward_compute_time", number),
                take(values, "activation_size", number),
                take(values, "parameter_size", number));
    }

    private static double take(Map<String, Double> values, String name, int number) {
        Double value = values.get(name);
        if (value == null) {
            throw new InvalidWorkload("Line " + number + " has no " + name + ".");
        }
        return value;
    }

    /// A number, or a list of numbers such as `[1.0; 2.0]`, added up.
    private static double sum(String text, int number) {
        String list = text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
        double sum = 0;
        for (String part : list.split(";", -1)) {
            try {
                sum += Double.parseDouble(part.strip());
            } catch (NumberFormatException _) {
                throw new InvalidWorkload("Line " + number + " has a cost that is no number: " + text + ".");
            }
        }
        return sum;
    }

    private Workload workload(Devices devices) {
        WorkloadBuilder builder = new WorkloadBuilder();
        layers.forEach((id, layer) -> builder.node(node(id, id, layer.forwardMillis(), layer)));
        layers.forEach((id, layer) -> builder.node(node(id, id + BACKWARD, layer.backwardMillis(), layer)));
        Map<String, Double> largestInput = new HashMap<>();
        for (String[] edge : edges) {
            builder.edge(edge[0], edge[1], options.millis(activation(edge[0])));
            largestInput.merge(edge[1], activation(edge[0]), Math::max);
        }
        for (String[] edge : edges) {
            builder.edge(
                    edge[1] + BACKWARD, edge[0] + BACKWARD, options.millis(largestInput.getOrDefault(edge[1], 0.0)));
        }
        return builder.build(devices);
    }

    private double activation(String id) {
        Layer layer = layers.get(id);
        return layer == null ? 0 : layer.activationBytes();
    }

    private static WorkloadBuilder.Node node(String layerId, String id, double millis, Layer layer) {
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
