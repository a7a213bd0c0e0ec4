package dev.pipelinejob.placement.partition.latency;

import dev.pipelinejob.placement.partition.IntLists;
import dev.pipelinejob.placement.workload.Workload;
import java.util.Arrays;

/// The cheapest way to cut a path into consecutive pieces, each on an accelerator, and single nodes on CPUs.
///
/// Nodes of the path outside a piece are outside its share. So a piece on an accelerator takes its work, each output of
/// the path that enters it from before, and each of its own outputs that is read further on. Nodes of one class are in
/// one share: a piece has the work and the bytes of all classes that begin in it, and the bytes must fit into memory.
final class PathCut {
    private final Workload workload;
    private final int[] path;
    private final int accelerators;
    private final double[] work;
    private final double[] bytes;
    private final boolean[] supported;
    /// For each position, the earlier positions that it reads.
    private final IntLists reads;
    /// The last position that reads each one; the position itself where none does.
    private final int[] lastReader;

    PathCut(Workload workload, int[] path) {
        this.workload = workload;
        this.path = path.clone();
        this.accelerators = workload.devices().accelerators();
        this.work = new double[path.length];
        this.bytes = new double[path.length];
        this.supported = new boolean[path.length];
        this.lastReader = new int[path.length];
        int[] positionOf = new int[workload.nodes()];
        int[] firstOfColour = new int[workload.colours()];
        Arrays.fill(positionOf, -1);
        Arrays.fill(firstOfColour, -1);
        for (int position = path.length - 1; position >= 0; position--) {
            positionOf[path[position]] = position;
            firstOfColour[workload.colour(path[position])] = position;
            supported[position] = true;
        }
        for (int node = 0; node < workload.nodes(); node++) {
            int first = firstOfColour[workload.colour(node)];
            if (first >= 0) {
                work[first] += workload.acceleratorMillis(node);
                bytes[first] += workload.bytes(node);
            }
            if (positionOf[node] >= 0) {
                supported[positionOf[node]] = workload.supported(node);
            }
        }
        this.reads = reads(positionOf);
    }

    private IntLists reads(int[] positionOf) {
        int edges = Arrays.stream(path).map(workload::successorCount).sum();
        int[] reader = new int[edges];
        int[] read = new int[edges];
        int pairs = 0;
        for (int position = 0; position < path.length; position++) {
            lastReader[position] = position;
            for (int edge = 0; edge < workload.successorCount(path[position]); edge++) {
                int other = positionOf[workload.successor(path[position], edge)];
                if (other >= 0) {
                    lastReader[position] = Math.max(lastReader[position], other);
                    reader[pairs] = other;
                    read[pairs++] = position;
                }
            }
        }
        return IntLists.ofPairs(path.length, reader, read, pairs);
    }

    /// The least time of a way to cut the path; 0 when memory allows none.
    double millis() {
        double[][] least = new double[accelerators + 1][path.length + 1];
        for (double[] row : least) {
            Arrays.fill(row, Double.POSITIVE_INFINITY);
        }
        least[0][0] = 0;
        double[] piece = new double[path.length + 1];
        for (int from = 0; from < path.length; from++) {
            int end = pieces(from, piece);
            for (int used = 0; used <= accelerators; used++) {
                double sofar = least[used][from];
                if (Double.isInfinite(sofar)) {
                    continue;
                }
                if (workload.devices().cpus() > 0) {
                    least[used][from + 1] = Math.min(least[used][from + 1], sofar + workload.cpuMillis(path[from]));
                }
                for (int to = from + 1; to <= end && used < accelerators; to++) {
                    least[used + 1][to] = Math.min(least[used + 1][to], sofar + piece[to]);
                }
            }
        }
        double bound = Double.POSITIVE_INFINITY;
        for (double[] row : least) {
            bound = Math.min(bound, row[path.length]);
        }
        return Double.isInfinite(bound) ? 0 : bound;
    }

    /// Times of the pieces that begin at a position, by their ends; the last end that memory and support allow.
    private int pieces(int from, double[] piece) {
        boolean[] entered = new boolean[from];
        double inside = 0;
        double held = 0;
        double leaving = 0;
        for (int position = from; position < path.length; position++) {
            held += bytes[position];
            if (!supported[position] || held > workload.devices().memoryBytes()) {
                return position;
            }
            inside += work[position];
            for (int index = reads.from(position); index < reads.end(position); index++) {
                int read = reads.item(index);
                if (read >= from) {
                    leaving -= lastReader[read] == position ? workload.outputMillis(path[read]) : 0;
                } else if (!entered[read]) {
                    entered[read] = true;
                    inside += workload.outputMillis(path[read]);
                }
            }
            leaving += lastReader[position] > position ? workload.outputMillis(path[position]) : 0;
            piece[position + 1] = inside + Math.max(0, leaving);
        }
        return path.length;
    }
}
