package dev.pipelinejob.placement.partition.verify;

import dev.pipelinejob.placement.topology.Domain;
import dev.pipelinejob.placement.topology.Slot;
import dev.pipelinejob.placement.topology.Topology;
import dev.pipelinejob.placement.workload.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Checks a finished split on a tree: every rule again, from nothing but nodes, edges and links.
public final class TreeVerifier {
    private static final double MILLIS_PER_SECOND = 1000;
    private static final double MICROS_PER_MILLI = 1000;

    private final Workload workload;
    private final Topology tree;
    private final double bytesPerMilli;
    private final Map<String, String> leafOfNode;

    private TreeVerifier(Workload workload, Topology tree, double bytesPerMilli, Map<String, String> leafOfNode) {
        this.workload = workload;
        this.tree = tree;
        this.bytesPerMilli = bytesPerMilli;
        this.leafOfNode = leafOfNode;
    }

    /// Everything that does not hold, each as one sentence; empty when all holds.
    ///
    /// @param bytesPerMilli what one millisecond of an output's cost stands for
    public static List<String> check(Workload workload, Topology tree, double bytesPerMilli, Verifier.Claim claim) {
        TreeVerifier verifier = new TreeVerifier(workload, tree, bytesPerMilli, claim.assignment());
        List<String> findings = verifier.incomplete();
        if (findings.isEmpty()) {
            findings.addAll(verifier.memoryAndSupport());
            findings.addAll(Verifier.sharedRules(workload, claim));
            findings.addAll(Verifier.wrongValue(claim, verifier.value()));
        }
        return findings;
    }

    /// The largest load of a device, uplink or downlink, by the definition.
    public static double value(Workload workload, Topology tree, double bytesPerMilli, Map<String, String> assignment) {
        return new TreeVerifier(workload, tree, bytesPerMilli, assignment).value();
    }

    private List<String> incomplete() {
        List<String> findings = new ArrayList<>();
        Set<String> ids = new TreeSet<>();
        for (int node = 0; node < workload.nodes(); node++) {
            String id = workload.id(node);
            ids.add(id);
            String leaf = leafOfNode.get(id);
            if (leaf == null) {
                findings.add("Node " + id + " is on no leaf.");
            } else if (!tree.hasSlot(leaf)) {
                findings.add("Node " + id + " is on " + leaf + ", but the tree has no such leaf.");
            }
        }
        for (String id : new TreeSet<>(leafOfNode.keySet())) {
            if (!ids.contains(id)) {
                findings.add("Node " + id + " is not in the workload.");
            }
        }
        return findings;
    }

    private String leafOf(int node) {
        return leafOfNode.getOrDefault(workload.id(node), "");
    }

    private List<String> memoryAndSupport() {
        List<String> findings = new ArrayList<>();
        Map<String, Double> bytes = new TreeMap<>();
        for (int node = 0; node < workload.nodes(); node++) {
            bytes.merge(leafOf(node), workload.bytes(node), Double::sum);
            if (!workload.supported(node)) {
                findings.add(
                        "Node " + workload.id(node) + " is on " + leafOf(node) + ", but no accelerator can run it.");
            }
        }
        bytes.forEach((leaf, sum) -> {
            if (sum > tree.slot(leaf).memoryBytes()) {
                findings.add("The nodes on " + leaf + " need " + sum + " bytes, but it has "
                        + tree.slot(leaf).memoryBytes() + ".");
            }
        });
        return findings;
    }

    private double value() {
        Map<String, Double> loads = new TreeMap<>();
        Map<String, Double> up = new TreeMap<>();
        Map<String, Double> down = new TreeMap<>();
        for (int node = 0; node < workload.nodes(); node++) {
            String home = leafOf(node);
            loads.merge(home, workload.acceleratorMillis(node) / tree.slot(home).relativeSpeed(), Double::sum);
            Set<String> all = new TreeSet<>(Set.of(home));
            for (int index = 0; index < workload.successorCount(node); index++) {
                all.add(leafOf(workload.successor(node, index)));
            }
            if (all.size() > 1) {
                charge(home, all, workload.outputMillis(node) * bytesPerMilli, List.of(loads, up, down));
            }
        }
        return List.of(loads, up, down).stream()
                .flatMap(times -> times.values().stream())
                .mapToDouble(millis -> millis)
                .max()
                .orElse(0);
    }

    /// Charges one tensor to the ports of all its leaves and to each uplink and downlink that it crosses.
    private void charge(String home, Set<String> all, double bytes, List<Map<String, Double>> loadsUpDown) {
        Map<String, Domain> touched = new TreeMap<>();
        Map<String, Integer> leavesBelow = new TreeMap<>();
        for (String leaf : all) {
            Slot slot = tree.slot(leaf);
            double port =
                    bytes / slot.portBytesPerSecond() * MILLIS_PER_SECOND + slot.portLatencyMicros() / MICROS_PER_MILLI;
            loadsUpDown.get(0).merge(leaf, port, Double::sum);
            for (Domain domain : tree.ancestors(leaf)) {
                touched.put(domain.name(), domain);
                leavesBelow.merge(domain.name(), 1, Integer::sum);
            }
        }
        Set<String> above = new TreeSet<>();
        tree.ancestors(home).forEach(domain -> above.add(domain.name()));
        touched.forEach((name, domain) -> {
            if (leavesBelow.getOrDefault(name, 0) < all.size()) {
                double millis = bytes / domain.uplinkBytesPerSecond() * MILLIS_PER_SECOND
                        + domain.latencyMicros() / MICROS_PER_MILLI;
                loadsUpDown.get(above.contains(name) ? 1 : 2).merge(name, millis, Double::sum);
            }
        });
    }
}
