package dev.pipelinejob.placement.draw;

import dev.pipelinejob.placement.topology.Domain;
import dev.pipelinejob.placement.topology.Slot;
import dev.pipelinejob.placement.topology.Topology;
import dev.pipelinejob.placement.workload.Workload;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// What a picture of a split says: depth of each node, work and transfer of each device, time of each link.
final class SplitFacts {
    private static final String[] COLOURS = {
        "#9ec5ef", "#f6c08a", "#a6dcb8", "#d0b5ee", "#f2a9c4", "#a9dfe0", "#e6d58a", "#c9c2b8", "#b7c2f2", "#c4e59a"
    };
    private static final double MILLIS_PER_SECOND = 1_000;

    final Workload workload;
    final int devices;
    /// Depth of each node: the longest path to it; backward nodes stand with the forward pass's end behind them.
    final int[] depth;
    final double[] forwardMillis;
    final double[] backwardMillis;
    final double[] transferMillis;
    final double[] bytes;
    /// Used devices in pipeline order: by the shallowest node.
    final int[] pipeline;
    /// Place of each device in the pipeline; -1 when unused.
    final int[] rank;

    private final int[] deviceOfNode;
    private final @Nullable Topology tree;
    private final double bytesPerMilli;
    private final Map<String, double[]> linkMillis = new HashMap<>();

    SplitFacts(SplitPicture.Subject subject) {
        this.workload = subject.workload();
        this.deviceOfNode = subject.deviceOfNode();
        this.tree = subject.tree();
        this.bytesPerMilli = subject.bytesPerMilli();
        this.devices = tree == null
                ? workload.devices().accelerators() + workload.devices().cpus()
                : tree.slots().size();
        this.depth = depths(workload);
        this.forwardMillis = new double[devices];
        this.backwardMillis = new double[devices];
        this.transferMillis = new double[devices];
        this.bytes = new double[devices];
        for (int node = 0; node < workload.nodes(); node++) {
            int device = deviceOfNode[node];
            double[] work = workload.backward(node) ? backwardMillis : forwardMillis;
            work[device] += isCpu(device) ? workload.cpuMillis(node) : workload.acceleratorMillis(node) / speed(device);
            bytes[device] += workload.bytes(node);
            transfer(node);
        }
        this.rank = new int[devices];
        this.pipeline = ranked();
    }

    private static int[] depths(Workload workload) {
        int nodes = workload.nodes();
        int[] depth = new int[nodes];
        int[] waiting = new int[nodes];
        for (int node = 0; node < nodes; node++) {
            for (int index = 0; index < workload.successorCount(node); index++) {
                waiting[workload.successor(node, index)]++;
            }
        }
        int[] ready =
                IntStream.range(0, nodes).filter(node -> waiting[node] == 0).toArray();
        int count = ready.length;
        ready = Arrays.copyOf(ready, nodes);
        for (int head = 0; head < count; head++) {
            int node = ready[head];
            for (int index = 0; index < workload.successorCount(node); index++) {
                int reader = workload.successor(node, index);
                depth[reader] = Math.max(depth[reader], depth[node] + 1);
                if (--waiting[reader] == 0) {
                    ready[count++] = reader;
                }
            }
        }
        int forward = 0;
        for (int node = 0; node < nodes; node++) {
            forward = workload.backward(node) ? forward : Math.max(forward, depth[node] + 1);
        }
        int firstBackward = Integer.MAX_VALUE;
        for (int node = 0; node < nodes; node++) {
            firstBackward = workload.backward(node) ? Math.min(firstBackward, depth[node]) : firstBackward;
        }
        int shift = firstBackward == Integer.MAX_VALUE ? 0 : Math.max(0, forward - firstBackward);
        for (int node = 0; node < nodes; node++) {
            depth[node] += workload.backward(node) ? shift : 0;
        }
        return depth;
    }

    private void transfer(int node) {
        int[] meets = IntStream.concat(
                        IntStream.of(deviceOfNode[node]),
                        IntStream.range(0, workload.successorCount(node))
                                .map(index -> deviceOfNode[workload.successor(node, index)]))
                .distinct()
                .toArray();
        if (meets.length == 1) {
            return;
        }
        double cost = workload.outputMillis(node);
        for (int device : meets) {
            transferMillis[device] += isCpu(device) ? 0 : cost * slower(device);
        }
        if (tree != null) {
            addToLinks(tree, meets, cost * bytesPerMilli);
        }
    }

    /// The first device sends, all others receive; a link is taken once.
    private void addToLinks(Topology on, int[] meets, double tensorBytes) {
        Map<Domain, Integer> inside = new HashMap<>();
        for (int device : meets) {
            for (Domain domain : on.ancestors(on.slots().get(device).name())) {
                inside.merge(domain, 1, Integer::sum);
            }
        }
        List<Domain> source = on.ancestors(on.slots().get(meets[0]).name());
        inside.forEach((domain, count) -> {
            double millis = tensorBytes / domain.uplinkBytesPerSecond() * MILLIS_PER_SECOND
                    + domain.latencyMicros() / MILLIS_PER_SECOND;
            double[] upAndDown = linkMillis.computeIfAbsent(domain.name(), _ -> new double[2]);
            if (source.contains(domain)) {
                upAndDown[0] += count < meets.length ? millis : 0;
            } else {
                upAndDown[1] += millis;
            }
        });
    }

    private double slower(int device) {
        return tree == null
                ? 1
                : bytesPerMilli * MILLIS_PER_SECOND / tree.slots().get(device).portBytesPerSecond();
    }

    private double speed(int device) {
        return tree == null ? 1 : tree.slots().get(device).relativeSpeed();
    }

    private int[] ranked() {
        double[] place = new double[devices];
        Arrays.fill(place, Double.POSITIVE_INFINITY);
        for (int node = 0; node < workload.nodes(); node++) {
            int device = deviceOfNode[node];
            place[device] = Math.min(place[device], depth[node]);
        }
        List<Integer> used = new ArrayList<>();
        for (int device = 0; device < devices; device++) {
            if (place[device] < Double.POSITIVE_INFINITY) {
                used.add(device);
            }
        }
        used.sort(Comparator.comparingDouble(device -> place[device]));
        Arrays.fill(rank, -1);
        for (int index = 0; index < used.size(); index++) {
            rank[used.get(index)] = index;
        }
        return used.stream().mapToInt(device -> device).toArray();
    }

    int deviceOf(int node) {
        return deviceOfNode[node];
    }

    boolean isCpu(int device) {
        return tree == null && device >= workload.devices().accelerators();
    }

    String name(int device) {
        if (tree != null) {
            Slot slot = tree.slots().get(device);
            return slot.name();
        }
        int accelerators = workload.devices().accelerators();
        return device < accelerators ? "accelerator-" + device : "cpu-" + (device - accelerators);
    }

    String colour(int device) {
        return COLOURS[Math.max(0, rank[device]) % COLOURS.length];
    }

    double load(int device) {
        return forwardMillis[device] + backwardMillis[device] + transferMillis[device];
    }

    /// The largest load of a device or time of a link.
    double largest() {
        double loads = IntStream.range(0, devices).mapToDouble(this::load).max().orElse(0);
        double links = linkMillis.values().stream()
                .flatMapToDouble(Arrays::stream)
                .max()
                .orElse(0);
        return Math.max(loads, links);
    }

    /// Time of a domain's uplink and downlink.
    double[] linkMillis(String domain) {
        return linkMillis.getOrDefault(domain, new double[2]);
    }
}
