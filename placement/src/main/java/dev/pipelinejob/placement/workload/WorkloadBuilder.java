package dev.pipelinejob.placement.workload;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Collects nodes and edges, refuses what is no workload, and numbers what is one.
public final class WorkloadBuilder {
    /// The most nodes that a workload may have.
    public static final int MOST_NODES = 4_000_000;

    /// The most edges that a workload may have.
    public static final int MOST_EDGES = 16_000_000;

    /// How far the costs of two edges of one source may differ, in the file's unit.
    private static final double COST_TOLERANCE = 1e-6;

    private static final int NO_COLOUR = -1;
    private static final int START = 64;

    private final List<String> ids = new ArrayList<>();
    private final Map<String, Integer> numbers = new HashMap<>();
    private final Map<String, Integer> colourNumbers = new HashMap<>();
    private final List<String> edgeSources = new ArrayList<>();
    private final List<String> edgeTargets = new ArrayList<>();
    private double[] edgeMillis = new double[START];
    private double totalBytes;

    double[] acceleratorMillis = new double[START];
    double[] cpuMillis = new double[START];
    double[] bytes = new double[START];
    double[] outputMillis = new double[START];
    boolean[] supported = new boolean[START];
    boolean[] backward = new boolean[START];
    private int[] colour = new int[START];

    /// One node as a file states it.
    ///
    /// @param id its name, unique
    /// @param acceleratorMillis time on an accelerator
    /// @param cpuMillis time on a CPU; infinite when no CPU can run it
    /// @param bytes memory that it needs on an accelerator
    /// @param supported whether an accelerator can run it
    /// @param backward whether it belongs to the backward pass
    /// @param colourClass nodes of one class share a device; empty when it has its own
    public record Node(
            String id,
            double acceleratorMillis,
            double cpuMillis,
            double bytes,
            boolean supported,
            boolean backward,
            String colourClass) {}

    public WorkloadBuilder node(Node node) {
        int number = ids.size();
        if (number == MOST_NODES) {
            throw new InvalidWorkload("The workload has more than " + MOST_NODES + " nodes.");
        }
        if (numbers.put(node.id(), number) != null) {
            throw new InvalidWorkload("Node " + node.id() + " appears twice.");
        }
        ids.add(node.id());
        grow(number);
        acceleratorMillis[number] = finite(node.acceleratorMillis(), "accelerator time", node.id());
        cpuMillis[number] = notNegative(node.cpuMillis(), "CPU time", node.id());
        bytes[number] = finite(node.bytes(), "size", node.id());
        totalBytes += node.bytes();
        if (totalBytes >= Long.MAX_VALUE) {
            throw new InvalidWorkload(
                    "The sizes up to node " + node.id() + " add up to more than 2^63 bytes: no machine has that.");
        }
        supported[number] = node.supported();
        backward[number] = node.backward();
        colour[number] = node.colourClass().isEmpty()
                ? NO_COLOUR
                : colourNumbers.computeIfAbsent(node.colourClass(), _ -> colourNumbers.size());
        return this;
    }

    /// The source's output is read by the target; the same edge may be given twice.
    public WorkloadBuilder edge(String source, String target, double millis) {
        int number = edgeSources.size();
        if (number == MOST_EDGES) {
            throw new InvalidWorkload("The workload has more than " + MOST_EDGES + " edges.");
        }
        if (!(millis >= 0) || Double.isInfinite(millis)) {
            throw new InvalidWorkload("Edge " + source + " to " + target + " costs " + millis
                    + ": it must be a finite number, 0 or more.");
        }
        edgeSources.add(source);
        edgeTargets.add(target);
        if (number == edgeMillis.length) {
            edgeMillis = Arrays.copyOf(edgeMillis, 2 * number);
        }
        edgeMillis[number] = millis;
        return this;
    }

    /// The workload, numbered in the order in which nodes were given.
    public Workload build(Devices devices) {
        int nodes = nodes();
        if (nodes == 0) {
            throw new InvalidWorkload("The workload has no nodes.");
        }
        int[] sources = new int[edgeSources.size()];
        int[] targets = new int[edgeSources.size()];
        int[] start = new int[nodes + 1];
        Arrays.fill(outputMillis, 0, nodes, Double.NaN);
        for (int edge = 0; edge < sources.length; edge++) {
            sources[edge] = end(edgeSources, edge);
            targets[edge] = end(edgeTargets, edge);
            requireSensible(sources[edge], targets[edge], edgeMillis[edge]);
            start[sources[edge] + 1]++;
        }
        for (int node = 0; node < nodes; node++) {
            start[node + 1] += start[node];
            outputMillis[node] = Double.isNaN(outputMillis[node]) ? 0 : outputMillis[node];
        }
        int[] successors = new int[sources.length];
        int[] next = Arrays.copyOf(start, nodes);
        for (int edge = 0; edge < sources.length; edge++) {
            successors[next[sources[edge]]++] = targets[edge];
        }
        int[] distinct = sortAndDropRepeats(start, successors);
        requireAcyclic(start, distinct);
        return new Workload(this, devices, start, distinct);
    }

    int nodes() {
        return ids.size();
    }

    String[] ids(int nodes) {
        return ids.subList(0, nodes).toArray(String[]::new);
    }

    int[] denseColours(int nodes) {
        int[] dense = new int[nodes];
        int[] seen = new int[colourNumbers.size()];
        Arrays.fill(seen, -1);
        int colours = 0;
        for (int node = 0; node < nodes; node++) {
            if (colour[node] == NO_COLOUR) {
                dense[node] = colours++;
            } else {
                if (seen[colour[node]] < 0) {
                    seen[colour[node]] = colours++;
                }
                dense[node] = seen[colour[node]];
            }
        }
        return dense;
    }

    private int end(List<String> ends, int edge) {
        Integer number = numbers.get(ends.get(edge));
        if (number == null) {
            throw new InvalidWorkload("Edge " + edgeSources.get(edge) + " to " + edgeTargets.get(edge)
                    + " ends at node " + ends.get(edge) + ", which is not among the nodes.");
        }
        return number;
    }

    private void requireSensible(int source, int target, double millis) {
        if (source == target) {
            throw new InvalidWorkload("Node " + ids.get(source) + " reads its own output: the graph has a cycle.");
        }
        if (backward[source] && !backward[target]) {
            throw new InvalidWorkload("Edge " + ids.get(source) + " to " + ids.get(target)
                    + " leads from the backward pass into the forward pass.");
        }
        if (Double.isNaN(outputMillis[source])) {
            outputMillis[source] = millis;
        } else if (Math.abs(outputMillis[source] - millis) > COST_TOLERANCE) {
            throw new InvalidWorkload("The output of node " + ids.get(source) + " costs " + outputMillis[source]
                    + " on one edge and " + millis + " on another: it must cost the same on all.");
        }
    }

    /// Sorts each node's successors and moves the distinct ones together; `start` follows.
    private static int[] sortAndDropRepeats(int[] start, int[] successors) {
        int kept = 0;
        int from = 0;
        for (int node = 0; node + 1 < start.length; node++) {
            int end = start[node + 1];
            Arrays.sort(successors, from, end);
            int first = kept;
            for (int index = from; index < end; index++) {
                if (kept == first || successors[kept - 1] != successors[index]) {
                    successors[kept++] = successors[index];
                }
            }
            from = end;
            start[node + 1] = kept;
        }
        return Arrays.copyOf(successors, kept);
    }

    private void requireAcyclic(int[] start, int[] successors) {
        int nodes = start.length - 1;
        int[] waiting = new int[nodes];
        for (int target : successors) {
            waiting[target]++;
        }
        int[] ready = new int[nodes];
        int tail = 0;
        for (int node = 0; node < nodes; node++) {
            if (waiting[node] == 0) {
                ready[tail++] = node;
            }
        }
        for (int head = 0; head < tail; head++) {
            for (int index = start[ready[head]]; index < start[ready[head] + 1]; index++) {
                if (--waiting[successors[index]] == 0) {
                    ready[tail++] = successors[index];
                }
            }
        }
        if (tail < nodes) {
            int stuck = 0;
            while (waiting[stuck] == 0) {
                stuck++;
            }
            throw new InvalidWorkload("The graph has a cycle: node " + ids.get(stuck) + " is on it or behind it.");
        }
    }

    private static double finite(double value, String what, String id) {
        if (Double.isInfinite(value)) {
            throw new InvalidWorkload("The " + what + " of node " + id + " is infinite.");
        }
        return notNegative(value, what, id);
    }

    private static double notNegative(double value, String what, String id) {
        if (!(value >= 0)) {
            throw new InvalidWorkload(
                    "The " + what + " of node " + id + " is " + value + ": it must be a number, 0 or more.");
        }
        return value;
    }

    private void grow(int number) {
        if (number < colour.length) {
            return;
        }
        int capacity = 2 * number;
        acceleratorMillis = Arrays.copyOf(acceleratorMillis, capacity);
        cpuMillis = Arrays.copyOf(cpuMillis, capacity);
        bytes = Arrays.copyOf(bytes, capacity);
        outputMillis = Arrays.copyOf(outputMillis, capacity);
        supported = Arrays.copyOf(supported, capacity);
        backward = Arrays.copyOf(backward, capacity);
        colour = Arrays.copyOf(colour, capacity);
    }
}
