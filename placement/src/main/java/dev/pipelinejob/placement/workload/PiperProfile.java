package dev.pipelinejob.placement.workload;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A model with the choices that Piper has for it: how each layer may be computed on how many devices.
///
/// @param nodes the layers
/// @param edges what flows between them
/// @param fleet what it runs on
public record PiperProfile(List<Node> nodes, List<Edge> edges, Fleet fleet) {
    public PiperProfile {
        nodes = List.copyOf(nodes);
        edges = List.copyOf(edges);
        if (nodes.isEmpty()) {
            throw new InvalidWorkload("The file has no nodes.");
        }
        requireAcyclic(nodes.stream().map(Node::id).toList(), edges);
    }

    private static void requireAcyclic(List<String> ids, List<Edge> edges) {
        LayerOrder.requireAcyclic(
                ids,
                edges.stream()
                        .map(edge -> new int[] {edge.source(), edge.target()})
                        .toList());
    }

    /// What a model runs on.
    ///
    /// @param devices how many at most
    /// @param memoryBytes what fits on one
    /// @param bandwidthBytesPerSecond of the links between all of them
    /// @param microBatches in a batch; the number of replicas of a stage divides it
    public record Fleet(int devices, double memoryBytes, double bandwidthBytesPerSecond, int microBatches) {
        /// More devices than this are refused.
        public static final int MOST_DEVICES = 1 << 16;

        public Fleet {
            if (devices < 1 || devices > MOST_DEVICES) {
                throw new InvalidWorkload("There are " + devices + " devices: allowed are 1 to " + MOST_DEVICES + ".");
            }
            if (!(memoryBytes >= 0)) {
                throw new InvalidWorkload(
                        "The memory of a device is " + memoryBytes + " bytes: it must be a number, 0 or more.");
            }
            if (!(bandwidthBytesPerSecond > 0) || Double.isInfinite(bandwidthBytesPerSecond)) {
                throw new InvalidWorkload("The bandwidth is " + bandwidthBytesPerSecond
                        + " bytes per second: it must be a finite number above 0.");
            }
            if (microBatches < 1) {
                throw new InvalidWorkload(
                        "There are " + microBatches + " micro-batches in a batch: at least 1 is needed.");
            }
        }
    }

    /// What a person says instead of the file; null stands for what the file says.
    ///
    /// @param devices how many at most
    /// @param memoryBytes what fits on one; else the file's limit, else no limit
    /// @param bandwidthBytesPerSecond of the links
    /// @param microBatches in a batch
    public record FleetOptions(
            @Nullable Integer devices,
            @Nullable Double memoryBytes,
            @Nullable Double bandwidthBytesPerSecond,
            @Nullable Integer microBatches) {
        /// Everything as the file says.
        public static final FleetOptions AS_IN_FILE = new FleetOptions(null, null, null, null);
    }

    /// One layer.
    ///
    /// @param id its name
    /// @param choicesOfDegree ways to compute it, by the number of devices that share it
    public record Node(String id, Map<Integer, List<Choice>> choicesOfDegree) {
        public Node {
            choicesOfDegree = Map.copyOf(choicesOfDegree);
        }

        public Set<Integer> degrees() {
            return choicesOfDegree.keySet();
        }

        /// Ways to compute it on so many devices; empty when there is none.
        public List<Choice> choices(int degree) {
            return choicesOfDegree.getOrDefault(degree, List.of());
        }

        /// The same layer where all layers have other numbers.
        ///
        /// @param number the new one of each layer; -1 for a layer that is left out, with what comes from it
        public Node renumbered(int[] number) {
            Map<Integer, List<Choice>> renumbered = new TreeMap<>();
            choicesOfDegree.forEach((degree, ways) -> renumbered.put(
                    degree, ways.stream().map(way -> way.renumbered(number)).toList()));
            return new Node(id, renumbered);
        }
    }

    /// One way to compute a layer.
    ///
    /// @param id its name, such as `vanilla`
    /// @param secondsPerSample time of one sample
    /// @param parameterBytes what replicas must bring into line
    /// @param bytesPerMicroBatch memory for each micro-batch in flight
    /// @param bytes memory besides
    /// @param forward bytes for bringing together what comes from each layer before
    /// @param backward bytes for bringing together what comes back from each layer behind
    public record Choice(
            String id,
            double secondsPerSample,
            double parameterBytes,
            double bytesPerMicroBatch,
            double bytes,
            Map<Integer, Double> forward,
            Map<Integer, Double> backward) {
        public Choice {
            forward = Map.copyOf(forward);
            backward = Map.copyOf(backward);
        }

        private Choice renumbered(int[] number) {
            return new Choice(
                    id,
                    secondsPerSample,
                    parameterBytes,
                    bytesPerMicroBatch,
                    bytes,
                    renumbered(forward, number),
                    renumbered(backward, number));
        }

        private static Map<Integer, Double> renumbered(Map<Integer, Double> amounts, int[] number) {
            Map<Integer, Double> renumbered = new TreeMap<>();
            amounts.forEach((layer, amount) -> {
                if (layer >= 0 && layer < number.length && number[layer] >= 0) {
                    renumbered.put(number[layer], amount);
                }
            });
            return renumbered;
        }

        public double forwardBytes(int source) {
            return forward.getOrDefault(source, 0.0);
        }

        public double backwardBytes(int target) {
            return backward.getOrDefault(target, 0.0);
        }
    }

    /// Bytes of one sample that flow from one layer to another, by their numbers.
    public record Edge(int source, int target, double bytes) {}

    /// The same model on something else.
    public PiperProfile on(Fleet other) {
        return new PiperProfile(nodes, edges, other);
    }

    /// Reads the stream to its end.
    ///
    /// @throws InvalidWorkload with one sentence when it holds no such model
    public static PiperProfile read(InputStream stream, FleetOptions options) throws IOException {
        PiperReading file = PiperReading.of(stream);
        Map<String, Integer> numbers = new HashMap<>();
        for (PiperReading.Node node : file.nodes) {
            if (numbers.put(node.id(), numbers.size()) != null) {
                throw new InvalidWorkload("Node " + node.id() + " appears twice.");
            }
        }
        List<Edge> edges = new ArrayList<>();
        Set<Long> seen = new HashSet<>();
        for (PiperReading.Edge edge : file.edges) {
            int source = number(numbers, edge, edge.source());
            int target = number(numbers, edge, edge.target());
            if (!seen.add((long) source << Integer.SIZE | target)) {
                throw new InvalidWorkload("Edge " + edge.source() + " to " + edge.target() + " appears twice.");
            }
            if (Double.isInfinite(edge.bytes())) {
                throw new InvalidWorkload("Edge " + edge.source() + " to " + edge.target() + " has infinite bytes.");
            }
            edges.add(new Edge(source, target, edge.bytes()));
        }
        // Before the choices, because a wrong edge makes their sync times wrong too, and is the better sentence.
        requireAcyclic(file.nodes.stream().map(PiperReading.Node::id).toList(), edges);
        List<Node> nodes = new ArrayList<>();
        for (PiperReading.Node node : file.nodes) {
            Map<Integer, List<Choice>> choices = new TreeMap<>();
            node.choices()
                    .forEach((degree, ways) -> choices.put(
                            degree,
                            ways.stream()
                                    .map(way -> choice(node.id(), way, numbers, seen))
                                    .toList()));
            nodes.add(new Node(node.id(), choices));
        }
        nodes.forEach(PiperProfile::requireChoices);
        return new PiperProfile(nodes, edges, fleet(file, options));
    }

    private static Fleet fleet(PiperReading file, FleetOptions options) {
        Integer devices = options.devices() == null ? file.devices : options.devices();
        Double memory = options.memoryBytes() == null ? file.memoryBytes : options.memoryBytes();
        Double bandwidth = options.bandwidthBytesPerSecond() == null
                ? file.bandwidthBytesPerSecond
                : options.bandwidthBytesPerSecond();
        Integer microBatches = options.microBatches() == null ? file.microBatches : options.microBatches();
        if (devices == null) {
            throw new InvalidWorkload("The file has no maxDevices: add --accelerators.");
        }
        if (bandwidth == null) {
            throw new InvalidWorkload("The file has no bandwidth: add --bandwidth.");
        }
        if (microBatches == null) {
            throw new InvalidWorkload("The file has no mbsInBatch: add --micro-batches.");
        }
        return new Fleet(devices, memory == null ? Double.POSITIVE_INFINITY : memory, bandwidth, microBatches);
    }

    private static void requireChoices(Node node) {
        if (node.choicesOfDegree().values().stream().allMatch(List::isEmpty)) {
            throw new InvalidWorkload("Node " + node.id() + " has no way to be computed.");
        }
        node.choicesOfDegree().forEach((degree, ways) -> {
            long names = ways.stream().map(Choice::id).distinct().count();
            if (names < ways.size()) {
                throw new InvalidWorkload(
                        "Node " + node.id() + " has two choices of the same name for degree " + degree + ".");
            }
        });
    }

    private static int number(Map<String, Integer> numbers, PiperReading.Edge edge, String end) {
        Integer number = numbers.get(end);
        if (number == null) {
            throw new InvalidWorkload("Edge " + edge.source() + " to " + edge.target() + " ends at node " + end
                    + ", which is not among the nodes.");
        }
        return number;
    }

    private static Choice choice(String id, PiperReading.Choice raw, Map<String, Integer> numbers, Set<Long> edges) {
        if (raw.id().isEmpty()) {
            throw new InvalidWorkload("Node " + id + " has a choice without a name.");
        }
        int node = numbers.getOrDefault(id, -1);
        Map<Integer, Double> forward = new TreeMap<>();
        raw.forward().forEach((source, bytes) -> {
            int number = numbers.getOrDefault(source, -1);
            requireEdge(edges.contains((long) number << Integer.SIZE | node), id, source);
            forward.put(number, amount(bytes, "syncTimeFw of " + source, id));
        });
        Map<Integer, Double> backward = new TreeMap<>();
        raw.backward().forEach((target, bytes) -> {
            int number = numbers.getOrDefault(target, -1);
            requireEdge(edges.contains((long) node << Integer.SIZE | number), id, target);
            backward.put(number, amount(bytes, "syncTimeBw of " + target, id));
        });
        return new Choice(
                raw.id(),
                amount(raw.secondsPerSample(), "timePerSample", id),
                amount(raw.parameterBytes(), "parameterSize", id),
                amount(raw.bytesPerMicroBatch(), "memoryUsageA", id),
                amount(raw.bytes(), "memoryUsageB", id),
                forward,
                backward);
    }

    private static void requireEdge(boolean there, String id, String neighbour) {
        if (!there) {
            throw new InvalidWorkload(
                    "Node " + id + " states a sync time with " + neighbour + ", but no such edge exists.");
        }
    }

    private static double amount(double value, String what, String id) {
        if (!(value >= 0) || Double.isInfinite(value)) {
            throw new InvalidWorkload(
                    "The " + what + " of node " + id + " is " + value + ": it must be a finite number, 0 or more.");
        }
        return value;
    }
}
