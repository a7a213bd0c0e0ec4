package dev.pipelinejob.placement.replication;

import java.util.Comparator;
import java.util.PriorityQueue;

/// Orders layers by what they are, not by how a file lists them.
///
/// Each layer has a fingerprint of its costs and, over a few rounds, of its neighbours'. The layer that was opened last
/// comes first, so that branches are not mixed; fingerprints decide between equals.
final class StructuralOrder {
    private static final int ROUNDS = 8;
    private static final long ODD = 0x9E3779B97F4A7C15L;

    private final int[][] before;
    private final int[][] after;
    private long[] fingerprint;

    /// @param before the layers that each layer asks for
    /// @param after the layers that ask for each layer
    /// @param costs a fingerprint of each layer's own numbers
    StructuralOrder(int[][] before, int[][] after, long[] costs) {
        this.before = before;
        this.after = after;
        this.fingerprint = costs.clone();
        for (int round = 0; round < ROUNDS; round++) {
            long[] next = new long[costs.length];
            for (int layer = 0; layer < next.length; layer++) {
                long in = 0;
                for (int neighbour : before[layer]) {
                    in += mixed(fingerprint[neighbour]);
                }
                long out = 0;
                for (int neighbour : after[layer]) {
                    out += mixed(fingerprint[neighbour] ^ ODD);
                }
                next[layer] = mixed(mixed(fingerprint[layer] * 3 + in) + out * 5);
            }
            fingerprint = next;
        }
    }

    private static long mixed(long value) {
        long mixed = (value ^ value >>> 31) * ODD;
        return (mixed ^ mixed >>> 29) * 0xBF58476D1CE4E5B9L;
    }

    /// A layer that may come next.
    private record Ready(int layer, int opened, long fingerprint) {}

    /// All layers, each behind those that it asks for.
    ///
    /// @param salt another one gives another order between equals
    int[] order(long salt) {
        int[] waiting = new int[before.length];
        PriorityQueue<Ready> ready = new PriorityQueue<>(Comparator.comparingInt(Ready::opened)
                .reversed()
                .thenComparingLong(Ready::fingerprint)
                .thenComparingInt(Ready::layer));
        for (int layer = 0; layer < waiting.length; layer++) {
            waiting[layer] = before[layer].length;
            if (waiting[layer] == 0) {
                ready.add(new Ready(layer, 0, mixed(fingerprint[layer] + salt)));
            }
        }
        int[] order = new int[waiting.length];
        for (int place = 0; place < order.length; place++) {
            int layer = ready.remove().layer();
            order[place] = layer;
            for (int reader : after[layer]) {
                if (--waiting[reader] == 0) {
                    ready.add(new Ready(reader, place + 1, mixed(fingerprint[reader] + salt)));
                }
            }
        }
        return order;
    }
}
