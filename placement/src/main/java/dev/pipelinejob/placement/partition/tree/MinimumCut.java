package dev.pipelinejob.placement.partition.tree;

import java.util.Arrays;

/// A network of arcs with capacities, and the flow through it.
///
/// Whatever flow is found is at most what any cut between the two ends costs, also when the search for it ends early:
/// so its value is a bound that needs no further proof.
final class MinimumCut {
    /// Room for arcs to begin with; two for each that is put.
    private static final int ARCS_A_VERTEX = 8;

    private static final long STEPS_AN_ARC = 8;
    private static final double NEGLIGIBLE = 1e-12;
    private static final double ROUNDING = 1e-10;

    private final int vertices;
    private final int[] head;
    private int[] next;
    private int[] target;
    private double[] room;
    private int arcs;
    private long steps;
    private final int[] depth;
    private final int[] queue;
    private final int[] current;
    private final int[] path;

    MinimumCut(int vertices) {
        this.vertices = vertices;
        this.head = new int[vertices];
        this.next = new int[ARCS_A_VERTEX * vertices];
        this.target = new int[ARCS_A_VERTEX * vertices];
        this.room = new double[ARCS_A_VERTEX * vertices];
        this.depth = new int[vertices];
        this.queue = new int[vertices];
        this.current = new int[vertices];
        this.path = new int[vertices];
        Arrays.fill(head, -1);
    }

    /// Lets so much flow from one vertex to the other.
    void arc(int from, int to, double capacity) {
        put(from, to, capacity);
        put(to, from, 0);
    }

    private void put(int from, int to, double capacity) {
        if (arcs == next.length) {
            next = Arrays.copyOf(next, 2 * arcs);
            target = Arrays.copyOf(target, 2 * arcs);
            room = Arrays.copyOf(room, 2 * arcs);
        }
        next[arcs] = head[from];
        target[arcs] = to;
        room[arcs] = capacity;
        head[from] = arcs++;
    }

    /// Sends as much as possible, but stops above `enough`; what was sent, rounded down. To be asked once.
    double flow(int from, int to, double enough) {
        double sent = 0;
        while (sent <= enough && layer(from, to)) {
            System.arraycopy(head, 0, current, 0, vertices);
            double more = augment(from, to);
            while (more > 0) {
                sent += more;
                more = augment(from, to);
            }
        }
        return sent * (1 - ROUNDING);
    }

    /// About how much work the flow was.
    long steps() {
        return STEPS_AN_ARC * (steps + arcs) + vertices;
    }

    /// Whether a vertex is on the near side of the cut that ended the flow.
    boolean isNear(int vertex) {
        return depth[vertex] >= 0;
    }

    private boolean layer(int from, int to) {
        Arrays.fill(depth, -1);
        depth[from] = 0;
        queue[0] = from;
        int end = 1;
        for (int index = 0; index < end; index++) {
            int vertex = queue[index];
            for (int arc = head[vertex]; arc >= 0; arc = next[arc]) {
                steps++;
                if (room[arc] > NEGLIGIBLE && depth[target[arc]] < 0) {
                    depth[target[arc]] = depth[vertex] + 1;
                    queue[end++] = target[arc];
                }
            }
        }
        return depth[to] >= 0;
    }

    /// Sends along one shortest path; how much.
    private double augment(int from, int to) {
        int length = 0;
        int vertex = from;
        while (vertex != to) {
            int arc = current[vertex];
            while (arc >= 0 && !(room[arc] > NEGLIGIBLE && depth[target[arc]] == depth[vertex] + 1)) {
                arc = next[arc];
            }
            current[vertex] = arc;
            if (arc >= 0) {
                path[length++] = arc;
                vertex = target[arc];
            } else if (length == 0) {
                return 0;
            } else {
                int back = path[--length];
                vertex = target[back ^ 1];
                current[vertex] = next[back];
            }
        }
        double least = Double.POSITIVE_INFINITY;
        steps += 2L * length;
        for (int step = 0; step < length; step++) {
            least = Math.min(least, room[path[step]]);
        }
        for (int step = 0; step < length; step++) {
            room[path[step]] -= least;
            room[path[step] ^ 1] += least;
        }
        return least;
    }
}
