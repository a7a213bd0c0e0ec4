package dev.pipelinejob.placement.workload;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// This project's own `graph.json`: layers in execution order with times, parameters and activations.
///
/// Where some layer has a backward time, each layer becomes a forward and a backward node of one class, and backward
/// edges are reversed; the output of a backward node is as large as the largest activation that its layer reads.
final class LayerGraphFormat {
    private static final String BACKWARD = "-backward";
    private static final double MICROS_PER_MILLI = 1000;
    /// Parameter, gradient and the two moments of Adam.
    private static final double TRAINING_COPIES = 4;

    private final List<LayerFields> layers = new ArrayList<>();
    private final List<int[]> edges = new ArrayList<>();
    private boolean layersSeen;
    private boolean edgesSeen;

    private LayerGraphFormat() {}

    static Workload read(InputStream stream, ReadOptions options) throws IOException {
        Devices devices = options.devices(null, null, null);
        if (devices.cpus() > 0) {
            throw new InvalidWorkload("A graph of layers has no CPU times: use 0 CPUs, not " + devices.cpus() + ".");
        }
        LayerGraphFormat file = new LayerGraphFormat();
        try (JsonCursor json = new JsonCursor(stream)) {
            json.document(name -> file.field(json, name));
        }
        if (!file.layersSeen) {
            throw new InvalidWorkload("The file has no field layers.");
        }
        return file.workload(devices, options);
    }

    private boolean field(JsonCursor json, String name) throws IOException {
        switch (name) {
            case "name", "costSource" -> json.name(name);
            case "layers" -> {
                layersSeen = true;
                json.list(name, () -> layers.add(LayerFields.read(json)));
            }
            case "edges" -> {
                edgesSeen = true;
                json.list(name, () -> edges.add(edge(json)));
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private static int[] edge(JsonCursor json) throws IOException {
        int[] ends = {-1, -1};
        json.object("an edge", name -> {
            switch (name) {
                case "from" -> ends[0] = json.count(name);
                case "to" -> ends[1] = json.count(name);
                default -> {
                    return false;
                }
            }
            return true;
        });
        if (ends[0] < 0 || ends[1] < 0) {
            throw json.wrong("has an edge without from or to, or below 0");
        }
        return ends;
    }

    private Workload workload(Devices devices, ReadOptions options) {
        for (int layer = 1; layer < layers.size() && !edgesSeen; layer++) {
            edges.add(new int[] {layer - 1, layer});
        }
        boolean training = layers.stream().anyMatch(layer -> layer.backwardMicros > 0);
        WorkloadBuilder builder = new WorkloadBuilder();
        for (LayerFields layer : layers) {
            double bytes = training
                    ? TRAINING_COPIES * layer.parameterBytes + layer.stashBytes
                    : layer.parameterBytes + layer.activationBytes + layer.workspaceBytes;
            builder.node(node(layer, layer.name, layer.forwardMicros, bytes, false));
        }
        for (LayerFields layer : layers) {
            if (training) {
                builder.node(node(layer, layer.name + BACKWARD, layer.backwardMicros, layer.activationBytes, true));
            }
        }
        double[] largestInput = new double[layers.size()];
        for (int[] edge : edges) {
            LayerFields from = layer(edge[0]);
            LayerFields to = layer(edge[1]);
            builder.edge(from.name, to.name, options.millis(from.activationBytes));
            largestInput[edge[1]] = Math.max(largestInput[edge[1]], from.activationBytes);
        }
        for (int[] edge : edges) {
            if (training) {
                builder.edge(
                        layer(edge[1]).name + BACKWARD,
                        layer(edge[0]).name + BACKWARD,
                        options.millis(largestInput[edge[1]]));
            }
        }
        return builder.build(devices);
    }

    private LayerFields layer(int index) {
        if (index >= layers.size()) {
            throw new InvalidWorkload(
                    "An edge ends at layer " + index + ", but there are " + layers.size() + " layers, from 0.");
        }
        return layers.get(index);
    }

    private static WorkloadBuilder.Node node(
            LayerFields layer, String id, double micros, double bytes, boolean backward) {
        return new WorkloadBuilder.Node(
                id, micros / MICROS_PER_MILLI, Double.POSITIVE_INFINITY, bytes, true, backward, layer.name);
    }

    /// The fields of one layer. What a placement does not need is read and dropped.
    private static final class LayerFields {
        private String name = "";
        private double forwardMicros = Double.NaN;
        private double backwardMicros;
        private double parameterBytes = Double.NaN;
        private double activationBytes = Double.NaN;
        private double stashBytes;
        private double workspaceBytes;

        private static LayerFields read(JsonCursor json) throws IOException {
            LayerFields layer = new LayerFields();
            @Nullable String[] missing = {"name", "forwardMicros", "parameterBytes", "activationBytes"};
            json.object("a layer", field -> {
                for (int index = 0; index < missing.length; index++) {
                    missing[index] = field.equals(missing[index]) ? null : missing[index];
                }
                return layer.field(json, field);
            });
            for (String field : missing) {
                if (field != null) {
                    throw json.wrong("has a layer without " + field);
                }
            }
            return layer;
        }

        private boolean field(JsonCursor json, String field) throws IOException {
            switch (field) {
                case "name" -> name = json.name(field);
                case "forwardMicros" -> forwardMicros = measure(json, field);
                case "backwardMicros" -> backwardMicros = measure(json, field);
                case "parameterBytes" -> parameterBytes = measure(json, field);
                case "activationBytes" -> activationBytes = measure(json, field);
                case "stashBytes" -> stashBytes = measure(json, field);
                case "workspaceBytes" -> workspaceBytes = measure(json, field);
                case "updateMicros", "parameterTensors" -> measure(json, field);
                case "tied" -> json.list(field, () -> json.object("a tied parameter", inner -> tied(json, inner)));
                default -> {
                    return false;
                }
            }
            return true;
        }

        private static double measure(JsonCursor json, String field) throws IOException {
            double value = json.number(field);
            if (!(value >= 0) || Double.isInfinite(value)) {
                throw json.wrong("has " + field + " " + value + ": it must be a finite number, 0 or more");
            }
            return value;
        }

        private static boolean tied(JsonCursor json, String field) throws IOException {
            switch (field) {
                case "group" -> json.name(field);
                case "parameterBytes" -> measure(json, field);
                default -> {
                    return false;
                }
            }
            return true;
        }
    }
}
