package dev.pipelinejob.operator.cli.placement;

import dev.pipelinejob.placement.topology.Domain;
import dev.pipelinejob.placement.topology.Node;
import dev.pipelinejob.placement.topology.Slot;
import dev.pipelinejob.placement.topology.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Trees of links for benchmarks.
final class BenchTrees {
    private static final String LEVEL = "domain";
    private static final double LINK = 2_147_483_648.0;
    private static final long MEMORY = 17_185_374_208L;

    private BenchTrees() {}

    /// Equal children at each level.
    ///
    /// @param fanOut children of the root first
    /// @param links multiples of 2 GiB a second: uplinks of the root's children first, ports last
    static Topology even(int[] fanOut, double[] links) {
        return new Topology(Domain.unlimited("root", LEVEL, children("", fanOut, links, 0)));
    }

    private static List<Node> children(String prefix, int[] fanOut, double[] links, int level) {
        List<Node> nodes = new ArrayList<>();
        for (int index = 0; index < fanOut[level]; index++) {
            String name = prefix + (prefix.isEmpty() ? "n" : ".") + index;
            double rate = links[level] * LINK;
            nodes.add(
                    level == fanOut.length - 1
                            ? new Slot(name, rate, 0, MEMORY, 1)
                            : new Domain(name, LEVEL, rate, 0, 0, children(name, fanOut, links, level + 1)));
        }
        return nodes;
    }

    /// Three levels of children that differ in number, links, latency, memory and speed.
    static Topology uneven(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Node> racks = new ArrayList<>();
        for (int rack = 0; rack < 2 + random.nextInt(3); rack++) {
            List<Node> hosts = new ArrayList<>();
            for (int host = 0; host < 1 + random.nextInt(4); host++) {
                String name = "r" + rack + "h" + host;
                hosts.add(
                        new Domain(name, LEVEL, rate(random, 4, 24), random.nextInt(3) * 5.0, 0, slots(random, name)));
            }
            racks.add(new Domain("r" + rack, LEVEL, rate(random, 0.5, 6), random.nextInt(3) * 10.0, 0, hosts));
        }
        return new Topology(Domain.unlimited("root", LEVEL, racks));
    }

    private static List<Node> slots(SplittableRandom random, String host) {
        List<Node> slots = new ArrayList<>();
        double speed = random.nextInt(3) == 0 ? 0.5 : 1;
        long memory = random.nextInt(3) == 0 ? MEMORY / 2 : MEMORY;
        double port = rate(random, 40, 100);
        for (int slot = 0; slot < 1 + random.nextInt(8); slot++) {
            slots.add(new Slot(host + "d" + slot, port, 0, memory, speed));
        }
        return slots;
    }

    /// Racks, hosts and slots of very different generations: links and ports over more than a factor of ten, slots
    /// with a quarter, half or all of the speed and the memory, hosts of unequal size, and slots beside hosts.
    static Topology mixed(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Node> racks = new ArrayList<>();
        for (int rack = 0; rack < 2 + random.nextInt(3); rack++) {
            List<Node> hosts = new ArrayList<>();
            for (int host = 0; host < 1 + random.nextInt(4); host++) {
                String name = "r" + rack + "h" + host;
                double speed = 1.0 / (1 << random.nextInt(3));
                long memory = MEMORY >> random.nextInt(3);
                double port = anyRate(random, 20, 200);
                List<Node> slots = new ArrayList<>();
                for (int slot = 0; slot < 1 + random.nextInt(8); slot++) {
                    slots.add(new Slot(name + "d" + slot, port, 0, memory, speed));
                }
                double uplink = anyRate(random, 3, 60);
                if (slots.size() == 1) {
                    hosts.add(slots.getFirst());
                } else {
                    hosts.add(new Domain(name, LEVEL, uplink, random.nextInt(3) * 5.0, 0, slots));
                }
            }
            racks.add(new Domain("r" + rack, LEVEL, anyRate(random, 0.3, 12), random.nextInt(3) * 10.0, 0, hosts));
        }
        return new Topology(Domain.unlimited("root", LEVEL, racks));
    }

    /// Racks of hosts of slots; when mixed, every third host is half as fast and has half the memory.
    static Topology hosts(int racks, int hostsPerRack, int slotsPerHost, boolean isMixed) {
        List<Node> all = new ArrayList<>();
        for (int rack = 0; rack < racks; rack++) {
            List<Node> hosts = new ArrayList<>();
            for (int host = 0; host < hostsPerRack; host++) {
                String name = "r" + rack + "h" + host;
                boolean isSlow = isMixed && host % 3 == 2;
                List<Node> slots = new ArrayList<>();
                for (int slot = 0; slot < slotsPerHost; slot++) {
                    long memory = isSlow ? MEMORY / 2 : MEMORY;
                    slots.add(new Slot(name + "d" + slot, 93 * LINK, 0, memory, isSlow ? 0.5 : 1));
                }
                hosts.add(new Domain(name, LEVEL, 24 * LINK, 5, 0, slots));
            }
            all.add(new Domain("r" + rack, LEVEL, 6 * LINK, 10, 0, hosts));
        }
        return new Topology(Domain.unlimited("root", LEVEL, all));
    }

    /// Of all sizes alike: from x to 2 x as often as from 2 x to 4 x.
    private static double anyRate(SplittableRandom random, double least, double most) {
        return LINK * least * Math.pow(most / least, random.nextDouble());
    }

    private static double rate(SplittableRandom random, double least, double most) {
        return LINK * (least + (most - least) * random.nextDouble());
    }
}
