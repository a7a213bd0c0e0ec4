package dev.pipelinejob.placement.workload;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/// JSON of the `dnn-partitioning` package.
final class DnnPartitioningFormat {
    /// The link that the published costs assume: 2 GiB a second.
    private static final double LINK_BYTES_PER_SECOND = 2_147_483_648.0;

    private static final double SLACK = 1e-3;
    private static final double MILLIS_PER_SECOND = 1000;

    private final WorkloadBuilder builder = new WorkloadBuilder();
    private @Nullable Integer accelerators;
    private @Nullable Integer cpus;
    private @Nullable Double memoryBytes;
    private boolean nodesSeen;
    private boolean edgesSeen;

    private DnnPartitioningFormat() {}

    static Workload read(InputStream stream, ReadOptions options) throws IOException {
        DnnPartitioningFormat file = new DnnPartitioningFormat();
        try (JsonCursor json = new JsonCursor(stream)) {
            json.document(name -> file.field(json, name));
        }
        if (!file.nodesSeen || !file.edgesSeen) {
            throw new InvalidWorkload("The file has no field " + (file.nodesSeen ? "edges" : "nodes") + ".");
        }
        Workload workload = file.builder.build(options.devices(file.accelerators, file.cpus, file.memoryBytes));
        boolean correct = options.units() == Units.CORRECTED && costsAreSeconds(workload);
        return correct ? workload.withOutputs(cost -> cost * MILLIS_PER_SECOND) : workload;
    }

    private boolean field(JsonCursor json, String name) throws IOException {
        switch (name) {
            case "maxSizePerFPGA" -> memoryBytes = json.number(name);
            case "maxFPGAs" -> accelerators = json.count(name);
            case "maxCPUs" -> cpus = json.count(name);
            case "nodes" -> {
                nodesSeen = true;
                json.list(name, () -> builder.node(new NodeFields(json).node()));
            }
            case "edges" -> {
                edgesSeen = true;
                json.list(name, () -> edge(json));
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private void edge(JsonCursor json) throws IOException {
        EdgeFields edge = new EdgeFields();
        json.object("an edge", name -> edge.field(json, name));
        if (edge.source == null || edge.target == null || !edge.costSeen) {
            throw json.wrong("has an edge without sourceId, destId or cost");
        }
        builder.edge(edge.source, edge.target, edge.cost);
    }

    /// Whether outputs fit into their nodes' memory even when costs are taken for seconds on the assumed link.
    ///
    /// A node's memory holds its output. Where costs are milliseconds, reading them as seconds makes nearly every
    /// output a thousand times as large, which its node could not hold.
    private static boolean costsAreSeconds(Workload workload) {
        boolean seen = false;
        for (int node = 0; node < workload.nodes(); node++) {
            double cost = workload.outputMillis(node);
            if (cost > 0 && workload.bytes(node) > 0) {
                seen = true;
                if (cost * LINK_BYTES_PER_SECOND > workload.bytes(node) * (1 + SLACK)) {
                    return false;
                }
            }
        }
        return seen;
    }

    /// The fields of one edge.
    private static final class EdgeFields {
        private @Nullable String source;
        private @Nullable String target;
        private double cost = Double.NaN;
        private boolean costSeen;

        private boolean field(JsonCursor json, String name) throws IOException {
            switch (name) {
                case "sourceId" -> source = json.name(name);
                case "destId" -> target = json.name(name);
                case "cost" -> {
                    cost = json.number(name);
                    costSeen = true;
                }
                case "size" -> json.number(name);
                default -> {
                    return false;
                }
            }
            return true;
        }
    }

    /// The fields of one node.
    private static final class NodeFields {
        private final JsonCursor json;
        private @Nullable String id;
        private @Nullable Double acceleratorMillis;
        private @Nullable Double cpuMillis;
        private double bytes;
        private @Nullable Boolean supported;
        private @Nullable Boolean backward;
        private String colourClass = "";

        private NodeFields(JsonCursor json) {
            this.json = json;
        }

        private WorkloadBuilder.Node node() throws IOException {
            json.object("a node", this::field);
            if (id == null) {
                throw json.wrong("has a node without id");
            }
            if (acceleratorMillis == null || cpuMillis == null || supported == null || backward == null) {
                throw new InvalidWorkload(
                        "Node " + id + " lacks one of supportedOnFpga, cpuLatency, fpgaLatency and isBackwardNode.");
            }
            return new WorkloadBuilder.Node(id, acceleratorMillis, cpuMillis, bytes, supported, backward, colourClass);
        }

        private boolean field(String name) throws IOException {
            switch (name) {
                case "id" -> id = json.name(name);
                case "name" -> json.name(name);
                case "supportedOnFpga" -> supported = json.truth(name);
                case "cpuLatency" -> cpuMillis = json.number(name);
                case "fpgaLatency" -> acceleratorMillis = json.number(name);
                case "isBackwardNode" -> backward = json.truth(name);
                case "colorClass" -> colourClass = json.name(name);
                case "layerId" -> json.name(name);
                case "size" -> bytes = json.number(name);
                default -> {
                    return false;
                }
            }
            return true;
        }
    }
}
