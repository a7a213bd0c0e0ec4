package dev.pipelinejob.placement.partition.verify;

import dev.pipelinejob.placement.workload.Workload;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Checks a finished split for the time of one sample: every rule again, from nothing but nodes and edges.
public final class LatencyVerifier {
    private static final String CPU = "cpu-";

    private final Workload workload;
    private final Map<String, String> deviceOfNode;
    /// Nodes of each accelerator; each node of a CPU by itself.
    private final Map<String, List<Integer>> blocks = new TreeMap<>();

    private final Map<String, Set<String>> readsFrom = new TreeMap<>();
    private final Map<String, Double> duration = new TreeMap<>();

    private LatencyVerifier(Workload workload, Map<String, String> deviceOfNode) {
        this.workload = workload;
        this.deviceOfNode = deviceOfNode;
        for (int node = 0; node < workload.nodes(); node++) {
            blocks.computeIfAbsent(blockOf(node), _ -> new ArrayList<>()).add(node);
        }
        blocks.forEach((block, nodes) -> {
            readsFrom.put(block, new TreeSet<>());
            duration.put(block, 0.0);
            nodes.forEach(node -> add(block, work(node)));
        });
        for (int node = 0; node < workload.nodes(); node++) {
            Set<String> readers = new TreeSet<>();
            for (int index = 0; index < workload.successorCount(node); index++) {
                readers.add(blockOf(workload.successor(node, index)));
            }
            readers.remove(blockOf(node));
            for (String reader : readers) {
                readsFrom.getOrDefault(reader, new TreeSet<>()).add(blockOf(node));
            }
            if (!readers.isEmpty()) {
                readers.add(blockOf(node));
            }
            for (String block : readers) {
                add(block, block.startsWith(CPU) ? 0 : workload.outputMillis(node));
            }
        }
    }

    /// Everything that does not hold, each as one sentence; empty when all holds.
    public static List<String> check(Workload workload, Verifier.Claim claim) {
        List<String> findings = new ArrayList<>(Verifier.placementRules(workload, claim));
        if (findings.isEmpty()) {
            findings.addAll(Verifier.wrongValue(claim, value(workload, claim.assignment())));
        }
        return findings;
    }

    /// When the last share is done, by the definition; infinite when a share waits for itself.
    public static double value(Workload workload, Map<String, String> assignment) {
        LatencyVerifier verifier = new LatencyVerifier(workload, assignment);
        Map<String, Double> done = new HashMap<>();
        Set<String> left = new HashSet<>(verifier.blocks.keySet());
        boolean moved = true;
        while (moved) {
            moved = false;
            for (String block : List.copyOf(left)) {
                Set<String> before = verifier.readsFrom.getOrDefault(block, Set.of());
                if (done.keySet().containsAll(before)) {
                    double ready = before.stream()
                            .mapToDouble(one -> done.getOrDefault(one, 0.0))
                            .max()
                            .orElse(0);
                    done.put(block, ready + verifier.duration.getOrDefault(block, 0.0));
                    left.remove(block);
                    moved = true;
                }
            }
        }
        return left.isEmpty()
                ? done.values().stream().mapToDouble(millis -> millis).max().orElse(0)
                : Double.POSITIVE_INFINITY;
    }

    private void add(String block, double millis) {
        duration.merge(block, millis, Double::sum);
    }

    private String blockOf(int node) {
        String device = deviceOfNode.getOrDefault(workload.id(node), "");
        return device.startsWith(CPU) ? CPU + "node-" + node : device;
    }

    private double work(int node) {
        return blockOf(node).startsWith(CPU) ? workload.cpuMillis(node) : workload.acceleratorMillis(node);
    }
}
