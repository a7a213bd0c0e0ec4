package dev.pipelinejob.placement.partition.tree;

import dev.pipelinejob.placement.partition.UnitGraph;
import java.util.Arrays;
import java.util.BitSet;

/// Which positions of an order may be cut, where all of them would be too many.
final class CutChoice {
    private static final double HEAVY_PARTS = 4;
    private static final int MOST_REACH_OF_HEAVY = 64;
    private static final int AROUND = 2;

    private final UnitGraph graph;
    private final int[] order;
    private final double[] bytesAcross;

    CutChoice(UnitGraph graph, Tensors tensors, int[] order) {
        this.graph = graph;
        this.order = order.clone();
        this.bytesAcross = new double[order.length + 1];
        PinEvents events = new PinEvents(graph, tensors, order);
        for (int position = 0; position < order.length; position++) {
            events.add(position, 0);
            bytesAcross[position + 1] = events.inBytes + events.outBytes;
        }
    }

    int[] all() {
        int[] cuts = new int[order.length + 1];
        Arrays.setAll(cuts, position -> position);
        return cuts;
    }

    /// Few positions that are worth cutting at: beside units that are much for one leaf, and where fewer
    /// bytes cross than at any position near by; the fewer are wanted, the wider "near by" is.
    int[] worthwhile(int leaves, int most) {
        BitSet heavy = new BitSet();
        double total = 0;
        for (int unit : order) {
            total += graph.work(unit);
        }
        for (int position = 0; position < order.length; position++) {
            if (graph.work(order[position]) * leaves * HEAVY_PARTS >= total) {
                heavy.set(position, position + 2);
            }
        }
        int[] chosen = all();
        for (int reach = 1; chosen.length > most && reach < order.length; reach = reach + 1 + reach / 4) {
            BitSet cuts = reach > MOST_REACH_OF_HEAVY ? new BitSet() : (BitSet) heavy.clone();
            cuts.set(0);
            cuts.set(order.length);
            for (int position = 1; position < order.length; position++) {
                if (isCheapestNear(position, reach)) {
                    cuts.set(position);
                }
            }
            chosen = cuts.stream().toArray();
        }
        return chosen;
    }

    private boolean isCheapestNear(int position, int reach) {
        for (int other = Math.max(0, position - reach); other <= Math.min(order.length, position + reach); other++) {
            boolean inside = other > 0 && other < order.length;
            if (inside && bytesAcross[other] < bytesAcross[position]) {
                return false;
            }
            if (inside && other < position && bytesAcross[other] == bytesAcross[position]) {
                return false;
            }
        }
        return true;
    }

    /// Positions worth cutting at, and all that lie near the boundaries of a known split.
    int[] around(int[] deviceOfUnit, int leaves, int most) {
        BitSet cuts = new BitSet();
        for (int position : worthwhile(leaves, most)) {
            cuts.set(position);
        }
        for (int position = 1; position < order.length; position++) {
            if (deviceOfUnit[order[position]] != deviceOfUnit[order[position - 1]]) {
                cuts.set(Math.max(1, position - AROUND), Math.min(order.length, position + AROUND + 1));
            }
        }
        return cuts.stream().toArray();
    }
}
