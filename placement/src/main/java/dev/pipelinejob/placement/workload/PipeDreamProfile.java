package dev.pipelinejob.placement.workload;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A profile of PipeDream as its own optimizer reads it: forward and backward of a layer together, transfers free.
///
/// @param layers in the order of the file
/// @param edges what reads what
public record PipeDreamProfile(List<Layer> layers, List<Edge> edges) {
    public PipeDreamProfile {
        layers = List.copyOf(layers);
        edges = List.copyOf(edges);
        if (layers.isEmpty()) {
            throw new InvalidWorkload("The file has no layers.");
        }
        LayerOrder.requireAcyclic(
                layers.stream().map(Layer::id).toList(),
                edges.stream()
                        .map(edge -> new int[] {edge.source(), edge.target()})
                        .toList());
    }

    /// One layer.
    ///
    /// @param id its name
    /// @param counts whether the optimizer looks at it; inputs and unread items of a tuple follow their neighbours
    /// @param millis time of forward and backward of one minibatch
    /// @param parameterBytes what replicas must bring into line
    public record Layer(String id, boolean counts, double millis, double parameterBytes) {}

    /// The target reads from the source, by their numbers.
    public record Edge(int source, int target) {}

    /// Reads the stream to its end.
    ///
    /// @throws InvalidWorkload with one sentence when it holds no such profile
    public static PipeDreamProfile read(InputStream stream) throws IOException {
        PipeDreamReading file = PipeDreamReading.of(stream);
        Map<String, Integer> numbers = new HashMap<>();
        file.layers.keySet().forEach(id -> numbers.put(id, numbers.size()));
        List<Edge> edges = new ArrayList<>();
        Set<String> read = new HashSet<>();
        Set<String> reading = new HashSet<>();
        for (String[] edge : file.edges) {
            edges.add(new Edge(number(numbers, edge, edge[0]), number(numbers, edge, edge[1])));
            read.add(edge[0]);
            reading.add(edge[1]);
        }
        List<Layer> layers = new ArrayList<>();
        file.layers.forEach((id, layer) -> {
            boolean input = !reading.contains(id) && layer.description().startsWith("Input");
            boolean unread = !read.contains(id) && layer.description().startsWith("__getitem__");
            layers.add(new Layer(
                    id,
                    !input && !unread,
                    amount(layer.forwardMillis() + layer.backwardMillis(), "time", id),
                    amount(layer.parameterBytes(), "parameter_size", id)));
        });
        if (layers.stream().noneMatch(Layer::counts)) {
            throw new InvalidWorkload("The file has no layers but inputs and unread items.");
        }
        return new PipeDreamProfile(layers, edges);
    }

    private static int number(Map<String, Integer> numbers, String[] edge, String end) {
        Integer number = numbers.get(end);
        if (number == null) {
            throw new InvalidWorkload("Edge " + edge[0] + " to " + edge[1] + " ends at layer " + end
                    + ", which is not among the layers.");
        }
        return number;
    }

    private static double amount(double value, String what, String id) {
        if (!(value >= 0) || Double.isInfinite(value)) {
            throw new InvalidWorkload(
                    "The " + what + " of layer " + id + " is " + value + ": it must be a finite number, 0 or more.");
        }
        return value;
    }
}
