package dev.pipelinejob.placement.partition.verify;

import dev.pipelinejob.placement.workload.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Checks a finished split for pipelines that run all forwards before all backwards, from nothing but nodes and edges.
public final class PhaseVerifier {
    private static final String CPU = "cpu-";

    private PhaseVerifier() {}

    /// Everything that does not hold, each as one sentence; empty when all holds.
    public static List<String> check(Workload workload, Verifier.Claim claim) {
        List<String> findings = new ArrayList<>(Verifier.placementRules(workload, claim));
        if (findings.isEmpty()) {
            findings.addAll(Verifier.sharedRules(workload, claim));
            findings.addAll(Verifier.wrongValue(claim, value(workload, claim.assignment())));
        }
        return findings;
    }

    /// The largest forward load of a device plus the largest backward load of a device, by the definition.
    public static double value(Workload workload, Map<String, String> assignment) {
        Map<String, Double> forward = new TreeMap<>();
        Map<String, Double> backward = new TreeMap<>();
        for (int node = 0; node < workload.nodes(); node++) {
            Map<String, Double> loads = workload.backward(node) ? backward : forward;
            String device = assignment.getOrDefault(workload.id(node), "");
            boolean onCpu = device.startsWith(CPU);
            loads.merge(device, onCpu ? workload.cpuMillis(node) : workload.acceleratorMillis(node), Double::sum);
            Set<String> meets = new TreeSet<>(Set.of(device));
            for (int index = 0; index < workload.successorCount(node); index++) {
                meets.add(assignment.getOrDefault(workload.id(workload.successor(node, index)), ""));
            }
            for (String one : meets) {
                if (meets.size() > 1 && !one.startsWith(CPU)) {
                    loads.merge(one, workload.outputMillis(node), Double::sum);
                }
            }
        }
        return largest(forward) + largest(backward);
    }

    private static double largest(Map<String, Double> loads) {
        return loads.values().stream().mapToDouble(load -> load).max().orElse(0);
    }
}
