package dev.pipelinejob.placement.partition;

import java.util.Arrays;

/// Strongly connected components by Tarjan's algorithm, without recursion.
final class Components {
    private final IntLists successors;
    private final int[] component;
    private final int[] index;
    private final int[] low;
    private final int[] open;
    private final int[] path;
    private final int[] nextEdge;
    private int opened;
    private int visited;
    private int components;

    private Components(IntLists successors) {
        int nodes = successors.lists();
        this.successors = successors;
        this.component = new int[nodes];
        this.index = new int[nodes];
        this.low = new int[nodes];
        this.open = new int[nodes];
        this.path = new int[nodes];
        this.nextEdge = new int[nodes];
        Arrays.fill(component, -1);
        Arrays.fill(index, -1);
    }

    /// Component of each node. Components are numbered against the edges: a node's successors in other components
    /// have smaller numbers.
    static int[] of(IntLists successors) {
        Components search = new Components(successors);
        for (int node = 0; node < successors.lists(); node++) {
            if (search.index[node] < 0) {
                search.visit(node);
            }
        }
        return search.component;
    }

    private void visit(int root) {
        int depth = 0;
        enter(root);
        path[0] = root;
        while (depth >= 0) {
            int node = path[depth];
            if (nextEdge[node] < successors.end(node)) {
                int target = successors.item(nextEdge[node]++);
                if (index[target] < 0) {
                    enter(target);
                    path[++depth] = target;
                } else if (component[target] < 0) {
                    low[node] = Math.min(low[node], index[target]);
                }
            } else {
                close(node);
                depth--;
                if (depth >= 0) {
                    low[path[depth]] = Math.min(low[path[depth]], low[node]);
                }
            }
        }
    }

    private void enter(int node) {
        index[node] = visited;
        low[node] = visited++;
        open[opened++] = node;
        nextEdge[node] = successors.from(node);
    }

    private void close(int node) {
        if (low[node] < index[node]) {
            return;
        }
        int member;
        do {
            member = open[--opened];
            component[member] = components;
        } while (member != node);
        components++;
    }
}
