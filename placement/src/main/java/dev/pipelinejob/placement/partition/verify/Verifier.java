package dev.pipelinejob.placement.partition.verify;

import dev.pipelinejob.placement.workload.Workload;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Checks a finished split against the workload: every rule again, from nothing but nodes and edges.
public final class Verifier {
    private static final double VALUE_TOLERANCE = 1e-9;

    private final Workload workload;
    private final Map<String, String> assignment;
    private final List<String> findings = new ArrayList<>();

    private Verifier(Workload workload, Map<String, String> assignment) {
        this.workload = workload;
        this.assignment = assignment;
    }

    /// What a plan claims.
    ///
    /// @param assignment node to device: `accelerator-0`, `cpu-0`
    /// @param value the largest load, in milliseconds
    /// @param lowerBound the bound that goes with it
    /// @param optimal whether it claims to be proved
    /// @param contiguous whether it claims contiguous shares
    public record Claim(
            Map<String, String> assignment, double value, double lowerBound, boolean optimal, boolean contiguous) {}

    /// Everything that does not hold, each as one sentence; empty when all holds.
    public static List<String> check(Workload workload, Claim claim) {
        Verifier verifier = new Verifier(workload, claim.assignment());
        verifier.requireComplete();
        if (!verifier.findings.isEmpty()) {
            return verifier.findings;
        }
        verifier.requireMemoryAndSupport();
        verifier.findings.addAll(sharedRules(workload, claim));
        verifier.findings.addAll(wrongValue(claim, value(workload, claim.assignment())));
        return verifier.findings;
    }

    /// What must hold whatever makes a split good: complete, memory, support, classes together.
    static List<String> placementRules(Workload workload, Claim claim) {
        Verifier verifier = new Verifier(workload, claim.assignment());
        verifier.requireComplete();
        if (verifier.findings.isEmpty()) {
            verifier.requireMemoryAndSupport();
            verifier.requireColoursTogether();
        }
        return verifier.findings;
    }

    /// What must hold whatever the devices are: classes together, shares contiguous where that is claimed.
    static List<String> sharedRules(Workload workload, Claim claim) {
        Verifier verifier = new Verifier(workload, claim.assignment());
        verifier.requireColoursTogether();
        if (claim.contiguous()) {
            verifier.requireContiguous();
        }
        return verifier.findings;
    }

    /// The largest load of a device, by the definition.
    public static double value(Workload workload, Map<String, String> assignment) {
        return new Verifier(workload, assignment)
                .loads().values().stream().mapToDouble(load -> load).max().orElse(0);
    }

    private void requireComplete() {
        Set<String> ids = new HashSet<>();
        for (int node = 0; node < workload.nodes(); node++) {
            String id = workload.id(node);
            ids.add(id);
            String device = assignment.get(id);
            if (device == null) {
                findings.add("Node " + id + " is on no device.");
            } else if (!isDevice(device)) {
                findings.add("Node " + id + " is on " + device + ", but there are "
                        + workload.devices().accelerators() + " accelerators and "
                        + workload.devices().cpus() + " CPUs, numbered from 0.");
            }
        }
        for (String id : new TreeSet<>(assignment.keySet())) {
            if (!ids.contains(id)) {
                findings.add("Node " + id + " is not in the workload.");
            }
        }
    }

    private boolean isDevice(String device) {
        return isNumbered(device, "accelerator-", workload.devices().accelerators())
                || isNumbered(device, "cpu-", workload.devices().cpus());
    }

    private static boolean isNumbered(String device, String prefix, int count) {
        String number = device.startsWith(prefix) ? device.substring(prefix.length()) : "";
        return number.matches("0|[1-9][0-9]{0,8}") && Integer.parseInt(number) < count;
    }

    private boolean onCpu(int node) {
        return deviceOf(node).startsWith("cpu-");
    }

    private String deviceOf(int node) {
        return assignment.getOrDefault(workload.id(node), "");
    }

    private void requireMemoryAndSupport() {
        Map<String, Double> bytes = new TreeMap<>();
        for (int node = 0; node < workload.nodes(); node++) {
            if (!onCpu(node)) {
                bytes.merge(deviceOf(node), workload.bytes(node), Double::sum);
                if (!workload.supported(node)) {
                    findings.add("Node " + workload.id(node) + " is on " + deviceOf(node)
                            + ", but no accelerator can run it.");
                }
            }
        }
        double limit = workload.devices().memoryBytes();
        bytes.forEach((device, sum) -> {
            if (sum > limit) {
                findings.add("The nodes on " + device + " need " + sum + " bytes, but it has " + limit + ".");
            }
        });
    }

    private void requireColoursTogether() {
        int[] first = new int[workload.colours()];
        Arrays.fill(first, -1);
        for (int node = 0; node < workload.nodes(); node++) {
            int colour = workload.colour(node);
            if (first[colour] < 0) {
                first[colour] = node;
            } else if (!deviceOf(first[colour]).equals(deviceOf(node))) {
                findings.add("Nodes " + workload.id(first[colour]) + " and " + workload.id(node)
                        + " must share a device, but are on " + deviceOf(first[colour]) + " and " + deviceOf(node)
                        + ".");
            }
        }
    }

    /// The devices, with an edge where one must come before another, have no cycle.
    private void requireContiguous() {
        Map<String, Set<String>> readers = new TreeMap<>();
        Map<String, Integer> waiting = new TreeMap<>();
        for (int node = 0; node < workload.nodes(); node++) {
            readers.computeIfAbsent(deviceOf(node), _ -> new TreeSet<>());
            waiting.put(deviceOf(node), 0);
        }
        boolean[] forwardClass = new boolean[workload.colours()];
        for (int node = 0; node < workload.nodes(); node++) {
            if (!workload.backward(node)) {
                forwardClass[workload.colour(node)] = true;
            }
        }
        for (int node = 0; node < workload.nodes(); node++) {
            for (int index = 0; index < workload.successorCount(node); index++) {
                int reader = workload.successor(node, index);
                boolean forward = !workload.backward(node) && !workload.backward(reader);
                boolean mirrored = workload.backward(node)
                        && workload.backward(reader)
                        && !(forwardClass[workload.colour(node)] && forwardClass[workload.colour(reader)]);
                if (forward) {
                    before(readers, waiting, deviceOf(node), deviceOf(reader));
                } else if (mirrored) {
                    before(readers, waiting, deviceOf(reader), deviceOf(node));
                }
            }
        }
        List<String> stuck = stuck(readers, waiting);
        if (!stuck.isEmpty()) {
            findings.add("The shares are not contiguous: among the devices " + String.join(", ", stuck)
                    + " each reads from another, directly or through others.");
        }
    }

    private static void before(
            Map<String, Set<String>> readers, Map<String, Integer> waiting, String device, String reader) {
        if (!device.equals(reader)
                && readers.computeIfAbsent(device, _ -> new TreeSet<>()).add(reader)) {
            waiting.merge(reader, 1, Integer::sum);
        }
    }

    private static List<String> stuck(Map<String, Set<String>> readers, Map<String, Integer> waiting) {
        ArrayDeque<String> ready = new ArrayDeque<>();
        waiting.forEach((device, count) -> {
            if (count == 0) {
                ready.add(device);
            }
        });
        Set<String> left = new TreeSet<>(waiting.keySet());
        while (!ready.isEmpty()) {
            String device = ready.remove();
            left.remove(device);
            for (String reader : readers.getOrDefault(device, Set.of())) {
                if (waiting.merge(reader, -1, Integer::sum) == 0) {
                    ready.add(reader);
                }
            }
        }
        return List.copyOf(left);
    }

    private Map<String, Double> loads() {
        Map<String, Double> loads = new TreeMap<>();
        for (int node = 0; node < workload.nodes(); node++) {
            double work = onCpu(node) ? workload.cpuMillis(node) : workload.acceleratorMillis(node);
            loads.merge(deviceOf(node), work, Double::sum);
            Set<String> elsewhere = new TreeSet<>();
            for (int index = 0; index < workload.successorCount(node); index++) {
                elsewhere.add(deviceOf(workload.successor(node, index)));
            }
            elsewhere.remove(deviceOf(node));
            if (!elsewhere.isEmpty()) {
                elsewhere.add(deviceOf(node));
            }
            for (String device : elsewhere) {
                if (!device.startsWith("cpu-")) {
                    loads.merge(device, workload.outputMillis(node), Double::sum);
                }
            }
        }
        return loads;
    }

    /// What is wrong with the claimed value and bound, given the true value.
    static List<String> wrongValue(Claim claim, double value) {
        List<String> findings = new ArrayList<>();
        double slack = VALUE_TOLERANCE * Math.max(1, value);
        if (!(Math.abs(value - claim.value()) <= slack)) {
            findings.add("The largest load is " + value + ", but the plan says " + claim.value() + ".");
        }
        if (!(claim.lowerBound() <= value + slack)) {
            findings.add("The plan's lower bound " + claim.lowerBound() + " is above the value " + value
                    + " of its own split.");
        }
        if (claim.optimal() && !(claim.lowerBound() >= value - slack)) {
            findings.add("The plan says OPTIMAL, but its lower bound " + claim.lowerBound() + " is below its value "
                    + value + ".");
        }
        return findings;
    }
}
