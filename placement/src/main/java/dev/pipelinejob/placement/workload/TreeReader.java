package dev.pipelinejob.placement.workload;

import dev.pipelinejob.placement.topology.Domain;
import dev.pipelinejob.placement.topology.Node;
import dev.pipelinejob.placement.topology.Slot;
import dev.pipelinejob.placement.topology.Topology;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads a tree of links: inner nodes with an uplink and children, leaves with a port, memory and a speed.
public final class TreeReader {
    private static final String LEVEL = "domain";
    private static final double MOST_BYTES = 0x1p63;

    private TreeReader() {}

    /// Reads the file.
    ///
    /// @throws InvalidWorkload with one sentence when the file is no tree
    /// @throws IOException when the file cannot be read at all
    public static Topology read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new InvalidWorkload("There is no file " + file + ".");
        }
        if (Files.size(file) > WorkloadReader.MOST_FILE_BYTES) {
            throw new InvalidWorkload("File " + file + " has " + Files.size(file)
                    + " bytes: the longest that is read has " + WorkloadReader.MOST_FILE_BYTES + ".");
        }
        try (InputStream stream = Files.newInputStream(file)) {
            return read(stream);
        }
    }

    /// Reads the stream to its end.
    ///
    /// @throws InvalidWorkload with one sentence when it holds no tree
    public static Topology read(InputStream stream) throws IOException {
        Fields root = new Fields();
        try (JsonCursor json = new JsonCursor(stream)) {
            json.document(name -> root.field(json, name));
        }
        try {
            root.uplinkBytesPerSecond = Double.POSITIVE_INFINITY;
            root.latencyMicros = 0;
            if (root.node() instanceof Domain domain) {
                return new Topology(domain);
            }
        } catch (IllegalArgumentException refused) {
            throw new InvalidWorkload(String.valueOf(refused.getMessage()));
        }
        throw new InvalidWorkload("The root of the tree is a leaf: give it children.");
    }

    /// The fields of one node, before it is known whether it is a leaf.
    private static final class Fields {
        private String name = "";
        private @Nullable Double uplinkBytesPerSecond;
        private double latencyMicros;
        private @Nullable Double portBytesPerSecond;
        private @Nullable Double memoryBytes;
        private double speed = 1;
        private @Nullable List<Fields> children;

        private boolean field(JsonCursor json, String field) throws IOException {
            switch (field) {
                case "name" -> name = json.name(field);
                case "uplinkBytesPerSecond" -> uplinkBytesPerSecond = json.isNull() ? null : json.number(field);
                case "latencyMicros" -> latencyMicros = json.isNull() ? 0 : json.number(field);
                case "portBytesPerSecond" -> portBytesPerSecond = json.number(field);
                case "memoryBytes" -> memoryBytes = json.number(field);
                case "speed" -> speed = json.number(field);
                case "children" -> {
                    List<Fields> below = new ArrayList<>();
                    json.list(field, () -> {
                        Fields child = new Fields();
                        json.object("a child", inner -> child.field(json, inner));
                        below.add(child);
                    });
                    children = below;
                }
                default -> {
                    return false;
                }
            }
            return true;
        }

        private Node node() {
            if (name.isBlank()) {
                throw new InvalidWorkload("The tree has a node without a name.");
            }
            List<Fields> below = children;
            if (below == null) {
                return leaf();
            }
            if (portBytesPerSecond != null || memoryBytes != null) {
                throw new InvalidWorkload("Node " + name + " of the tree has children and a port or memory: a leaf has"
                        + " the latter, an inner node the former.");
            }
            if (uplinkBytesPerSecond == null) {
                throw new InvalidWorkload("Node " + name + " of the tree has no uplinkBytesPerSecond.");
            }
            List<Node> nodes = below.stream().map(Fields::node).toList();
            return new Domain(name, LEVEL, uplinkBytesPerSecond, latencyMicros, 0, nodes);
        }

        private Node leaf() {
            if (portBytesPerSecond == null || memoryBytes == null) {
                throw new InvalidWorkload("Leaf " + name + " of the tree lacks portBytesPerSecond or memoryBytes.");
            }
            if (!(memoryBytes > 0 && memoryBytes < MOST_BYTES)) {
                throw new InvalidWorkload("Leaf " + name + " of the tree has memoryBytes " + memoryBytes
                        + ": it must be above 0 and below 2^63.");
            }
            return new Slot(name, portBytesPerSecond, 0, memoryBytes.longValue(), speed);
        }
    }
}
