package dev.pipelinejob.placement.replication;

import dev.pipelinejob.placement.workload.PiperProfile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.function.IntFunction;

/// The numbers of a profile, laid out for adding up: for each tensor degree, layer and way; for each layer its edges.
final class Layers {
    private final PiperProfile profile;
    private final int[] degrees;
    private final int[][] sources;
    private final int[][] targets;
    private final double[][] inBytes;
    private final double[][] outBytes;
    private final Way[][][] ways;

    /// One way to compute a layer at one tensor degree.
    ///
    /// @param seconds of a sample
    /// @param syncSeconds of a sample, when there are endlessly many replicas
    /// @param bytesPerMicroBatch memory for each micro-batch in flight
    /// @param bytes memory besides
    /// @param inSeconds for each edge that comes in, when it comes from another stage
    /// @param outSeconds for each edge that goes out, when it goes to another stage
    @SuppressWarnings("ArrayRecordComponent") // rows of a table, never compared
    record Way(
            double seconds,
            double syncSeconds,
            double bytesPerMicroBatch,
            double bytes,
            double[] inSeconds,
            double[] outSeconds) {}

    Layers(PiperProfile profile) {
        this.profile = profile;
        int layers = profile.nodes().size();
        List<List<PiperProfile.Edge>> incoming = new ArrayList<>();
        List<List<PiperProfile.Edge>> outgoing = new ArrayList<>();
        for (int layer = 0; layer < layers; layer++) {
            incoming.add(new ArrayList<>());
            outgoing.add(new ArrayList<>());
        }
        for (PiperProfile.Edge edge : profile.edges()) {
            incoming.get(edge.target()).add(edge);
            outgoing.get(edge.source()).add(edge);
        }
        sources = new int[layers][];
        targets = new int[layers][];
        inBytes = new double[layers][];
        outBytes = new double[layers][];
        for (int layer = 0; layer < layers; layer++) {
            sources[layer] = incoming.get(layer).stream()
                    .mapToInt(PiperProfile.Edge::source)
                    .toArray();
            targets[layer] = outgoing.get(layer).stream()
                    .mapToInt(PiperProfile.Edge::target)
                    .toArray();
            inBytes[layer] = incoming.get(layer).stream()
                    .mapToDouble(PiperProfile.Edge::bytes)
                    .toArray();
            outBytes[layer] = outgoing.get(layer).stream()
                    .mapToDouble(PiperProfile.Edge::bytes)
                    .toArray();
        }
        TreeSet<Integer> found = new TreeSet<>();
        profile.nodes().forEach(node -> found.addAll(node.degrees()));
        degrees = found.stream()
                .mapToInt(degree -> degree)
                .filter(degree -> degree <= profile.fleet().devices())
                .toArray();
        ways = new Way[degrees.length][layers][];
        for (int degree = 0; degree < degrees.length; degree++) {
            for (int layer = 0; layer < layers; layer++) {
                ways[degree][layer] = table(layer, degrees[degree]);
            }
        }
    }

    private Way[] table(int layer, int degree) {
        return profile.nodes().get(layer).choices(degree).stream()
                .map(choice -> way(layer, choice))
                .toArray(Way[]::new);
    }

    private Way way(int layer, PiperProfile.Choice choice) {
        double bandwidth = profile.fleet().bandwidthBytesPerSecond();
        double[] in = new double[sources[layer].length];
        Arrays.setAll(in, edge -> 2 * (inBytes[layer][edge] + choice.forwardBytes(sources[layer][edge])) / bandwidth);
        double[] out = new double[targets[layer].length];
        Arrays.setAll(
                out, edge -> 2 * (outBytes[layer][edge] + choice.backwardBytes(targets[layer][edge])) / bandwidth);
        return new Way(
                choice.secondsPerSample(),
                4 * choice.parameterBytes() / profile.fleet().microBatches() / bandwidth,
                choice.bytesPerMicroBatch(),
                choice.bytes(),
                in,
                out);
    }

    int size() {
        return sources.length;
    }

    PiperProfile profile() {
        return profile;
    }

    /// The tensor degrees that any layer has, ascending.
    int[] degrees() {
        return degrees;
    }

    /// Ways of a layer at a degree, by its index; empty when there is none.
    Way[] ways(int degree, int layer) {
        return ways[degree][layer];
    }

    /// Layers that a layer reads from.
    int[] sources(int layer) {
        return sources[layer];
    }

    /// Layers that read from a layer.
    int[] targets(int layer) {
        return targets[layer];
    }

    int[][] targets() {
        return targets.clone();
    }

    int[][] sources() {
        return sources.clone();
    }

    /// For each layer, a number made of its own costs, whatever it is called and wherever it stands.
    long[] fingerprints() {
        long[] fingerprints = new long[size()];
        for (int degree = 0; degree < degrees.length; degree++) {
            for (int layer = 0; layer < fingerprints.length; layer++) {
                for (Way way : ways[degree][layer]) {
                    double[] costs = {way.seconds(), way.syncSeconds(), way.bytesPerMicroBatch(), way.bytes()};
                    fingerprints[layer] = fingerprints[layer] * 31 + degree + Arrays.hashCode(costs);
                }
            }
        }
        return fingerprints;
    }

    /// Amounts of ways.
    interface Amount {
        double of(Way way);
    }

    /// For each layer, the least amount of any of its ways at a degree; infinite where it has none.
    double[] least(int degree, Amount amount) {
        double[] least = new double[size()];
        Arrays.fill(least, Double.POSITIVE_INFINITY);
        for (int layer = 0; layer < least.length; layer++) {
            for (Way way : ways[degree][layer]) {
                least[layer] = Math.min(least[layer], amount.of(way));
            }
        }
        return least;
    }

    /// For each layer, the least of a device's time that a sample takes: devices that share a layer count each.
    double[] leastDeviceSeconds() {
        return leastOfAllDegrees(degree -> least(degree, way -> way.seconds() * degrees[degree]));
    }

    /// For each layer, the least time of a sample on one replica.
    double[] leastSeconds() {
        return leastOfAllDegrees(degree -> least(degree, Way::seconds));
    }

    private double[] leastOfAllDegrees(IntFunction<double[]> ofDegree) {
        double[] least = new double[size()];
        Arrays.fill(least, Double.POSITIVE_INFINITY);
        for (int degree = 0; degree < degrees.length; degree++) {
            double[] amounts = ofDegree.apply(degree);
            Arrays.setAll(least, layer -> Math.min(least[layer], amounts[layer]));
        }
        return least;
    }
}
