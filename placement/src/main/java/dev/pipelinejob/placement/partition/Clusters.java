package dev.pipelinejob.placement.partition;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/// Units that share a device in some best split of any shape because parting them costs more than keeping them.
///
/// Let nets of at least c each hold the set C together, and let c be at least the work of C and the cost of all nets
/// between C and other units. A device with a part of C pays at least c. Move all of C to one accelerator that has a
/// part: it saves c and gains at most the work and those nets; any other loses c and gains at most those nets. Memory
/// must hold everything, and with several CPUs a part of C on each would cost nothing, so there must be one at most.
final class Clusters {
    private final UnitGraph graph;
    private final int[] root;
    private final int[] nextMember;
    private final int[] lastMember;
    private final double[] work;
    private final boolean[] supported;
    private final int[] joined;

    private Clusters(UnitGraph graph) {
        this.graph = graph;
        this.root = new int[graph.units];
        this.nextMember = new int[graph.units];
        this.lastMember = new int[graph.units];
        this.joined = new int[graph.units];
        this.work = graph.work.clone();
        this.supported = graph.supported.clone();
        Arrays.setAll(root, unit -> unit);
        Arrays.setAll(lastMember, unit -> unit);
        Arrays.setAll(joined, unit -> unit);
        Arrays.fill(nextMember, -1);
    }

    /// For each unit the smallest unit of its cluster, or itself.
    static int[] of(UnitGraph graph) {
        Clusters clusters = new Clusters(graph);
        if (graph.cpus() <= 1 && graph.accelerators() > 0 && graph.totalBytes() <= graph.memoryBytes()) {
            clusters.find();
        }
        return clusters.joined;
    }

    private void find() {
        int[] byCost = IntStream.range(0, graph.nets())
                .boxed()
                .sorted(Comparator.comparingDouble(net -> -graph.netMillis[net]))
                .mapToInt(net -> net)
                .toArray();
        int from = 0;
        while (from < byCost.length) {
            double cost = graph.netMillis[byCost[from]];
            int end = from;
            while (end < byCost.length && graph.netMillis[byCost[end]] == cost) {
                hold(byCost[end++]);
            }
            for (int index = from; index < end; index++) {
                int set = find(graph.pins.item(graph.pins.from(byCost[index])));
                if (supported[set] && work[set] <= cost && work[set] + netsToOthers(set) <= cost) {
                    join(set);
                }
            }
            from = end;
        }
    }

    private int find(int unit) {
        int at = unit;
        while (root[at] != at) {
            root[at] = root[root[at]];
            at = root[at];
        }
        return at;
    }

    private void hold(int net) {
        for (int pin = graph.pins.from(net) + 1; pin < graph.pins.end(net); pin++) {
            int one = find(graph.pins.item(pin - 1));
            int other = find(graph.pins.item(pin));
            if (one != other) {
                root[other] = one;
                work[one] += work[other];
                supported[one] &= supported[other];
                nextMember[lastMember[one]] = other;
                lastMember[one] = lastMember[other];
            }
        }
    }

    private double netsToOthers(int set) {
        double sum = 0;
        for (int unit = set; unit >= 0; unit = nextMember[unit]) {
            for (int index = graph.netsOfUnit.from(unit); index < graph.netsOfUnit.end(unit); index++) {
                int net = graph.netsOfUnit.item(index);
                int first = -1;
                boolean leaves = false;
                for (int pin = graph.pins.from(net); pin < graph.pins.end(net); pin++) {
                    boolean inside = find(graph.pins.item(pin)) == set;
                    first = inside && first < 0 ? graph.pins.item(pin) : first;
                    leaves |= !inside;
                }
                sum += leaves && first == unit ? graph.netMillis[net] : 0;
            }
        }
        return sum;
    }

    private void join(int set) {
        int least = set;
        for (int unit = set; unit >= 0; unit = nextMember[unit]) {
            least = Math.min(least, unit);
        }
        for (int unit = set; unit >= 0; unit = nextMember[unit]) {
            joined[unit] = least;
        }
    }
}
