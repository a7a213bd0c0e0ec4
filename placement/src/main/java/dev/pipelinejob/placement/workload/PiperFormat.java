package dev.pipelinejob.placement.workload;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// JSON of Piper, read as plain layers: tensor-parallel degree 1, nothing recomputed, one micro-batch in flight.
///
/// Where a layer's output has different sizes on different edges, the largest counts for all of them.
final class PiperFormat {
    private static final String DEGREE = "1";
    private static final String CHOICE = "vanilla";
    private static final double MILLIS_PER_SECOND = 1000;

    private final WorkloadBuilder builder = new WorkloadBuilder();
    private final List<Edge> edges = new ArrayList<>();
    private @Nullable Integer accelerators;
    private @Nullable Double memoryBytes;

    private record Edge(String source, String target, double bytes) {}

    private PiperFormat() {}

    static Workload read(InputStream stream, ReadOptions options) throws IOException {
        PiperFormat file = new PiperFormat();
        try (JsonCursor json = new JsonCursor(stream)) {
            json.document(name -> file.field(json, name));
        }
        Devices devices = options.devices(file.accelerators, null, file.memoryBytes);
        if (devices.cpus() > 0) {
            throw new InvalidWorkload("A Piper file has no CPU times: use 0 CPUs, not " + devices.cpus() + ".");
        }
        Map<String, Double> largest = new HashMap<>();
        file.edges.forEach(edge -> largest.merge(edge.source(), edge.bytes(), Math::max));
        for (Edge edge : file.edges) {
            double bytes = largest.getOrDefault(edge.source(), 0.0);
            file.builder.edge(edge.source(), edge.target(), options.millis(bytes));
        }
        return file.builder.build(devices);
    }

    private boolean field(JsonCursor json, String name) throws IOException {
        switch (name) {
            case "maxDevices" -> accelerators = json.count(name);
            case "maxMemoryPerDevice" -> memoryBytes = json.number(name);
            case "bandwidth" -> json.number(name);
            case "mbsInBatch" -> json.number(name);
            case "nodes" -> json.list(name, () -> node(json));
            case "edges" -> json.list(name, () -> edge(json));
            default -> {
                return false;
            }
        }
        return true;
    }

    private void edge(JsonCursor json) throws IOException {
        Map<String, String> ends = new HashMap<>();
        double[] bytes = {Double.NaN};
        json.object("an edge", name -> {
            switch (name) {
                case "sourceId", "destId" -> ends.put(name, json.name(name));
                case "communicationCost" -> bytes[0] = json.number(name);
                default -> {
                    return false;
                }
            }
            return true;
        });
        String source = ends.get("sourceId");
        String target = ends.get("destId");
        if (source == null || target == null || !(bytes[0] >= 0)) {
            throw json.wrong("has an edge without sourceId, destId or a communicationCost of 0 or more");
        }
        edges.add(new Edge(source, target, bytes[0]));
    }

    private void node(JsonCursor json) throws IOException {
        String[] id = {""};
        Choice[] plain = {null};
        json.object("a node", name -> {
            switch (name) {
                case "id" -> id[0] = json.name(name);
                case "name" -> json.name(name);
                case "TMPCs" ->
                    json.object(name, degree -> {
                        json.list(name, () -> {
                            Choice choice = choice(json);
                            if (degree.equals(DEGREE) && choice.id().equals(CHOICE)) {
                                plain[0] = choice;
                            }
                        });
                        return true;
                    });
                default -> {
                    return false;
                }
            }
            return true;
        });
        Choice choice = plain[0];
        if (id[0].isEmpty() || choice == null) {
            throw json.wrong("has a node without id, or without the choice vanilla of degree 1");
        }
        builder.node(new WorkloadBuilder.Node(
                id[0], choice.millis(), Double.POSITIVE_INFINITY, choice.bytes(), true, false, ""));
    }

    private record Choice(String id, double millis, double bytes) {}

    private static Choice choice(JsonCursor json) throws IOException {
        String[] id = {""};
        double[] values = new double[3];
        json.object("a choice", name -> {
            switch (name) {
                case "id" -> id[0] = json.name(name);
                case "timePerSample" -> values[0] = json.number(name);
                case "memoryUsageA" -> values[1] = json.number(name);
                case "memoryUsageB" -> values[2] = json.number(name);
                case "parameterSize" -> json.number(name);
                case "syncTimeFw", "syncTimeBw" -> json.ignore();
                default -> {
                    return false;
                }
            }
            return true;
        });
        return new Choice(id[0], values[0] * MILLIS_PER_SECOND, values[1] + values[2]);
    }
}
