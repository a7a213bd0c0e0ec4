package dev.pipelinejob.placement.partition.tree;

import dev.pipelinejob.placement.partition.IntLists;
import dev.pipelinejob.placement.partition.UnitGraph;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Units that are known to be together, and what each group of them holds, sends and gets.
final class Groups {
    private final int[] parent;
    private final double[] work;
    private final double[] bytes;
    private final double[] sent;
    private final double[] got;

    Groups(int units) {
        this.parent = new int[units];
        this.work = new double[units];
        this.bytes = new double[units];
        this.sent = new double[units];
        this.got = new double[units];
        Arrays.setAll(parent, unit -> unit);
    }

    /// The group of a unit: one of its units stands for it.
    int of(int unit) {
        int root = unit;
        while (parent[root] != root) {
            parent[root] = parent[parent[root]];
            root = parent[root];
        }
        return root;
    }

    void join(int one, int other) {
        int low = Math.min(of(one), of(other));
        int high = Math.max(of(one), of(other));
        parent[high] = low;
    }

    /// Adds up what the groups are now.
    void weigh(UnitGraph graph, Tensors tensors, double[] millis) {
        for (double[] sums : List.of(work, bytes, sent, got)) {
            Arrays.fill(sums, 0);
        }
        for (int unit = 0; unit < parent.length; unit++) {
            work[of(unit)] += graph.work(unit);
            bytes[of(unit)] += graph.bytes(unit);
        }
        IntLists pins = tensors.pins();
        for (int tensor = 0; tensor < millis.length; tensor++) {
            int source = of(tensors.source()[tensor]);
            boolean leaves = false;
            for (int pin = pins.from(tensor); pin < pins.end(tensor); pin++) {
                int reader = of(pins.item(pin));
                got[reader] += reader == source ? 0 : millis[tensor];
                leaves |= reader != source;
            }
            sent[source] += leaves ? millis[tensor] : 0;
        }
    }

    /// The units that stand for a group.
    List<Integer> roots() {
        List<Integer> roots = new ArrayList<>();
        for (int unit = 0; unit < parent.length; unit++) {
            if (parent[unit] == unit) {
                roots.add(unit);
            }
        }
        return roots;
    }

    double work(int root) {
        return work[root];
    }

    double bytes(int root) {
        return bytes[root];
    }

    /// Time of what the group's units send to others.
    double sent(int root) {
        return sent[root];
    }

    /// Time of what the group's units get from others, or more: a tensor with several readers in it counts for each.
    double got(int root) {
        return got[root];
    }

    /// How much speaks for a group being hard to place.
    double weight(int root) {
        return work[root] + sent[root] + got[root];
    }

    int heaviest() {
        int heaviest = 0;
        for (int root : roots()) {
            heaviest = weight(root) > weight(heaviest) || of(heaviest) != heaviest ? root : heaviest;
        }
        return heaviest;
    }
}
