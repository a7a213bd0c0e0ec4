package dev.pipelinejob.placement.partition.tree;

import dev.pipelinejob.placement.topology.Domain;
import dev.pipelinejob.placement.topology.Slot;
import dev.pipelinejob.placement.topology.Topology;
import dev.pipelinejob.placement.workload.Workload;
import java.util.List;
import java.util.Set;

/// Tries every assignment of a small workload to the leaves. Written from the definition, for tests only.
public final class TreeExhaustive {
    private final Workload workload;
    private final List<Slot> slots;
    private final List<Domain> domains;
    private final boolean[][] below;
    private final int[] leaf;
    private final boolean contiguous;
    private double best = Double.POSITIVE_INFINITY;
    /// Where nodes are before a loss, which leaves are lost, and what a split may be worth behind it.
    private int[] before = new int[0];

    private Set<Integer> lost = Set.of();
    private double limit = Double.POSITIVE_INFINITY;

    private TreeExhaustive(Workload workload, Topology tree, boolean contiguous) {
        this.workload = workload;
        this.contiguous = contiguous;
        this.slots = tree.slots();
        this.domains = tree.domains();
        this.leaf = new int[workload.nodes()];
        this.below = new boolean[domains.size()][slots.size()];
        for (int domain = 0; domain < domains.size(); domain++) {
            for (int slot = 0; slot < slots.size(); slot++) {
                below[domain][slot] = tree.ancestors(slots.get(slot).name()).contains(domains.get(domain));
            }
        }
    }

    /// The least value of a contiguous split with 1000 bytes a millisecond; infinite when there is none.
    static double contiguous(Workload workload, Topology tree) {
        TreeExhaustive search = new TreeExhaustive(workload, tree, true);
        search.assign(0);
        return search.best;
    }

    /// The least value of a split whose shares may have any shape.
    static double any(Workload workload, Topology tree) {
        TreeExhaustive search = new TreeExhaustive(workload, tree, false);
        search.assign(0);
        return search.best;
    }

    /// The fewest bytes that move to a contiguous split on other leaves than the lost that is worth at most a limit;
    /// infinite when there is none.
    public static double leastMoved(Workload workload, Topology tree, int[] before, Set<Integer> lost, double limit) {
        TreeExhaustive search = new TreeExhaustive(workload, tree, true);
        search.before = before.clone();
        search.lost = Set.copyOf(lost);
        search.limit = limit;
        search.assign(0);
        return search.best;
    }

    private double moved() {
        double moved = 0;
        for (int node = 0; node < leaf.length; node++) {
            moved += leaf[node] == before[node] ? 0 : workload.bytes(node);
        }
        return moved;
    }

    private void assign(int node) {
        if (node == workload.nodes()) {
            boolean asksForMoves = before.length > 0;
            if ((!asksForMoves || moved() < best) && isLegal()) {
                double value = value();
                best = asksForMoves ? value <= limit ? moved() : best : Math.min(best, value);
            }
            return;
        }
        for (int earlier = 0; earlier < node; earlier++) {
            if (workload.colour(earlier) == workload.colour(node)) {
                leaf[node] = leaf[earlier];
                assign(node + 1);
                return;
            }
        }
        for (int slot = 0; slot < slots.size() && workload.supported(node); slot++) {
            leaf[node] = slot;
            if (!lost.contains(slot)) {
                assign(node + 1);
            }
        }
    }

    private boolean isLegal() {
        double[] bytes = new double[slots.size()];
        boolean[][] edges = new boolean[slots.size()][slots.size()];
        for (int node = 0; node < workload.nodes(); node++) {
            bytes[leaf[node]] += workload.bytes(node);
            if (!workload.supported(node)) {
                return false;
            }
            for (int index = 0; index < workload.successorCount(node); index++) {
                int reader = workload.successor(node, index);
                if (!workload.backward(node) && !workload.backward(reader)) {
                    edges[leaf[node]][leaf[reader]] = true;
                } else if (workload.backward(node) && (isOrphan(node) || isOrphan(reader))) {
                    edges[leaf[reader]][leaf[node]] = true;
                }
            }
        }
        for (int slot = 0; slot < bytes.length; slot++) {
            if (bytes[slot] > slots.get(slot).memoryBytes()) {
                return false;
            }
        }
        return !contiguous || isAcyclic(edges);
    }

    private boolean isOrphan(int node) {
        for (int other = 0; other < workload.nodes(); other++) {
            if (workload.colour(other) == workload.colour(node) && !workload.backward(other)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAcyclic(boolean[][] edges) {
        int devices = edges.length;
        for (int through = 0; through < devices; through++) {
            for (int from = 0; from < devices; from++) {
                for (int to = 0; to < devices; to++) {
                    boolean path = from != through && to != through && edges[from][through] && edges[through][to];
                    edges[from][to] |= path;
                }
            }
        }
        for (int from = 0; from < devices; from++) {
            for (int to = from + 1; to < devices; to++) {
                if (edges[from][to] && edges[to][from]) {
                    return false;
                }
            }
        }
        return true;
    }

    private double value() {
        double[] load = new double[slots.size()];
        double[] up = new double[domains.size()];
        double[] down = new double[domains.size()];
        for (int node = 0; node < workload.nodes(); node++) {
            int home = leaf[node];
            load[home] += workload.acceleratorMillis(node) / slots.get(home).relativeSpeed();
            boolean[] holders = new boolean[slots.size()];
            boolean leaves = false;
            for (int index = 0; index < workload.successorCount(node); index++) {
                int reader = leaf[workload.successor(node, index)];
                holders[reader] = true;
                leaves |= reader != home;
            }
            holders[home] = true;
            double bytes = workload.outputMillis(node) * 1000;
            for (int slot = 0; slot < slots.size() && leaves; slot++) {
                load[slot] += holders[slot] ? bytes / slots.get(slot).portBytesPerSecond() * 1000 : 0;
            }
            for (int domain = 0; domain < domains.size() && leaves; domain++) {
                boolean inside = false;
                boolean outside = false;
                for (int slot = 0; slot < slots.size(); slot++) {
                    inside |= holders[slot] && below[domain][slot];
                    outside |= holders[slot] && !below[domain][slot];
                }
                Domain link = domains.get(domain);
                double time = bytes / link.uplinkBytesPerSecond() * 1000 + link.latencyMicros() / 1000;
                if (inside && outside) {
                    (below[domain][home] ? up : down)[domain] += time;
                }
            }
        }
        double largest = 0;
        for (double[] times : List.of(load, up, down)) {
            for (double time : times) {
                largest = Math.max(largest, time);
            }
        }
        return largest;
    }
}
