package dev.pipelinejob.placement.workload;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// JSON of Piper as it stands in the file: layers know their neighbours by name, and nothing is judged but the shape.
final class PiperReading {
    final List<Node> nodes = new ArrayList<>();
    final List<Edge> edges = new ArrayList<>();

    @Nullable
    Integer devices;

    @Nullable
    Integer microBatches;

    @Nullable
    Double memoryBytes;

    @Nullable
    Double bandwidthBytesPerSecond;

    /// One layer.
    ///
    /// @param id its name
    /// @param choices ways to compute it, by the number of devices that share it
    record Node(String id, Map<Integer, List<Choice>> choices) {}

    /// One way to compute a layer; numbers that the file leaves out are NaN.
    record Choice(
            String id,
            double secondsPerSample,
            double parameterBytes,
            double bytesPerMicroBatch,
            double bytes,
            Map<String, Double> forward,
            Map<String, Double> backward) {}

    /// Bytes of one sample between two layers.
    record Edge(String source, String target, double bytes) {}

    private PiperReading() {}

    static PiperReading of(InputStream stream) throws IOException {
        PiperReading reading = new PiperReading();
        try (JsonCursor json = new JsonCursor(stream)) {
            json.document(name -> reading.field(json, name));
        }
        return reading;
    }

    private boolean field(JsonCursor json, String name) throws IOException {
        switch (name) {
            case "maxDevices" -> devices = json.count(name);
            case "maxMemoryPerDevice" -> memoryBytes = json.number(name);
            case "bandwidth" -> bandwidthBytesPerSecond = json.number(name);
            // The format's description says maxBatchSize, its files say mbsInBatch.
            case "mbsInBatch", "maxBatchSize" -> microBatches = json.count(name);
            case "nodes" -> json.list(name, () -> nodes.add(node(json)));
            case "edges" -> json.list(name, () -> edges.add(edge(json)));
            default -> {
                return false;
            }
        }
        return true;
    }

    private static Edge edge(JsonCursor json) throws IOException {
        String[] ends = {"", ""};
        double[] bytes = {Double.NaN};
        json.object("an edge", name -> {
            switch (name) {
                case "sourceId" -> ends[0] = json.name(name);
                case "destId" -> ends[1] = json.name(name);
                case "communicationCost" -> bytes[0] = json.number(name);
                default -> {
                    return false;
                }
            }
            return true;
        });
        if (ends[0].isEmpty() || ends[1].isEmpty() || !(bytes[0] >= 0)) {
            throw json.wrong("has an edge without sourceId, destId or a communicationCost of 0 or more");
        }
        return new Edge(ends[0], ends[1], bytes[0]);
    }

    private static Node node(JsonCursor json) throws IOException {
        String[] id = {""};
        Map<Integer, List<Choice>> choices = new TreeMap<>();
        json.object("a node", name -> {
            switch (name) {
                case "id" -> id[0] = json.name(name);
                case "name" -> json.name(name);
                case "TMPCs" ->
                    json.object(name, degree -> {
                        List<Choice> ways = new ArrayList<>();
                        json.list(degree, () -> ways.add(choice(json)));
                        choices.put(degree(json, degree), ways);
                        return true;
                    });
                default -> {
                    return false;
                }
            }
            return true;
        });
        if (id[0].isEmpty()) {
            throw json.wrong("has a node without id");
        }
        return new Node(id[0], choices);
    }

    private static int degree(JsonCursor json, String text) {
        if (!text.matches("[1-9][0-9]{0,4}")) {
            throw json.wrong("has tensor degree " + text + ": it must be a whole number from 1 to 99999");
        }
        return Integer.parseInt(text);
    }

    private static Choice choice(JsonCursor json) throws IOException {
        String[] id = {""};
        double[] values = {Double.NaN, Double.NaN, Double.NaN, Double.NaN};
        Map<String, Double> forward = new TreeMap<>();
        Map<String, Double> backward = new TreeMap<>();
        json.object("a choice", name -> {
            switch (name) {
                case "id" -> id[0] = json.name(name);
                case "timePerSample" -> values[0] = json.number(name);
                case "parameterSize" -> values[1] = json.number(name);
                case "memoryUsageA" -> values[2] = json.number(name);
                case "memoryUsageB" -> values[3] = json.number(name);
                case "syncTimeFw" -> neighbours(json, name, forward);
                case "syncTimeBw" -> neighbours(json, name, backward);
                default -> {
                    return false;
                }
            }
            return true;
        });
        return new Choice(id[0], values[0], values[1], values[2], values[3], forward, backward);
    }

    private static void neighbours(JsonCursor json, String what, Map<String, Double> into) throws IOException {
        json.object(what, neighbour -> {
            into.put(neighbour, json.number(neighbour));
            return true;
        });
    }
}
