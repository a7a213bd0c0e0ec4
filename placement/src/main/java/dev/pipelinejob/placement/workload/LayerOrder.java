package dev.pipelinejob.placement.workload;

import java.util.ArrayList;
import java.util.List;

/// Refuses layers that wait for each other.
final class LayerOrder {
    private LayerOrder() {}

    /// @param ids names of the layers
    /// @param edges source and target of each edge, by number
    /// @throws InvalidWorkload with one sentence when the edges close a circle
    static void requireAcyclic(List<String> ids, List<int[]> edges) {
        int[] waiting = new int[ids.size()];
        List<List<Integer>> readers = new ArrayList<>();
        ids.forEach(_ -> readers.add(new ArrayList<>()));
        for (int[] edge : edges) {
            waiting[edge[1]]++;
            readers.get(edge[0]).add(edge[1]);
        }
        int[] ready = new int[ids.size()];
        int tail = 0;
        for (int node = 0; node < waiting.length; node++) {
            if (waiting[node] == 0) {
                ready[tail++] = node;
            }
        }
        for (int head = 0; head < tail; head++) {
            for (int reader : readers.get(ready[head])) {
                if (--waiting[reader] == 0) {
                    ready[tail++] = reader;
                }
            }
        }
        for (int node = 0; tail < waiting.length && node < waiting.length; node++) {
            if (waiting[node] > 0) {
                throw new InvalidWorkload("The graph has a cycle: node " + ids.get(node) + " is on it or behind it.");
            }
        }
    }
}
