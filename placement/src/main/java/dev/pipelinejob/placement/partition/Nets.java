package dev.pipelinejob.placement.partition;

import dev.pipelinejob.placement.workload.Workload;
import java.util.Arrays;

/// The outputs that may cross between units: each with its cost and the units that hold its source and readers.
///
/// @param millis cost of each net, above 0
/// @param pins units of each net, ascending, at least two
@SuppressWarnings("ArrayRecordComponent") // passed on at once and never compared
record Nets(double[] millis, IntLists pins) {
    /// The nets of a grouping of nodes; nets with the same units are merged into one.
    static Nets of(Workload workload, int[] unitOfNode) {
        int[] start = new int[workload.nodes() + 1];
        int[] pins = new int[workload.nodes() + workload.edges()];
        double[] millis = new double[workload.nodes()];
        int nets = 0;
        int end = 0;
        for (int node = 0; node < workload.nodes(); node++) {
            if (workload.outputMillis(node) > 0) {
                int from = end;
                pins[end++] = unitOfNode[node];
                for (int index = 0; index < workload.successorCount(node); index++) {
                    pins[end++] = unitOfNode[workload.successor(node, index)];
                }
                end = dropRepeats(pins, from, end);
                if (end - from > 1) {
                    millis[nets++] = workload.outputMillis(node);
                    start[nets] = end;
                } else {
                    end = from;
                }
            }
        }
        return merged(Arrays.copyOf(millis, nets), new IntLists(Arrays.copyOf(start, nets + 1), pins));
    }

    private static int dropRepeats(int[] pins, int from, int end) {
        Arrays.sort(pins, from, end);
        int kept = from;
        for (int pin = from; pin < end; pin++) {
            if (kept == from || pins[kept - 1] != pins[pin]) {
                pins[kept++] = pins[pin];
            }
        }
        return kept;
    }

    private static Nets merged(double[] millis, IntLists all) {
        int nets = millis.length;
        int capacity = Integer.highestOneBit(Math.max(nets, 1)) * 4;
        int[] table = new int[capacity];
        Arrays.fill(table, -1);
        int[] start = new int[nets + 1];
        int[] pins = new int[all.start()[nets]];
        double[] sums = new double[nets];
        int kept = 0;
        int end = 0;
        for (int net = 0; net < nets; net++) {
            int slot = hash(all.items(), all.from(net), all.end(net)) & (capacity - 1);
            while (table[slot] >= 0 && !samePins(all, net, pins, start[table[slot]], start[table[slot] + 1])) {
                slot = (slot + 1) & (capacity - 1);
            }
            if (table[slot] >= 0) {
                sums[table[slot]] += millis[net];
            } else {
                table[slot] = kept;
                sums[kept] = millis[net];
                System.arraycopy(all.items(), all.from(net), pins, end, all.size(net));
                end += all.size(net);
                start[++kept] = end;
            }
        }
        return new Nets(
                Arrays.copyOf(sums, kept), new IntLists(Arrays.copyOf(start, kept + 1), Arrays.copyOf(pins, end)));
    }

    private static boolean samePins(IntLists all, int net, int[] pins, int from, int end) {
        return Arrays.equals(all.items(), all.from(net), all.end(net), pins, from, end);
    }

    private static int hash(int[] pins, int from, int end) {
        int hash = 1;
        for (int pin = from; pin < end; pin++) {
            hash = 31 * hash + pins[pin];
        }
        hash *= 0x9E3779B9;
        return hash ^ (hash >>> 15);
    }
}
