package dev.pipelinejob.placement.replication;

import dev.pipelinejob.placement.workload.PiperProfile;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/// Small models with everything that Piper's format can say: ties, zeros, branches, layers without a degree.
final class RandomProfile {
    private RandomProfile() {}

    static PiperProfile of(Random random) {
        int nodes = 1 + random.nextInt(4);
        List<PiperProfile.Edge> edges = new ArrayList<>();
        for (int source = 0; source < nodes; source++) {
            for (int target = source + 1; target < nodes; target++) {
                if (random.nextInt(2) == 0) {
                    edges.add(new PiperProfile.Edge(source, target, random.nextInt(5)));
                }
            }
        }
        List<PiperProfile.Node> layers = new ArrayList<>();
        for (int node = 0; node < nodes; node++) {
            layers.add(node(random, edges, node));
        }
        return new PiperProfile(layers, edges, fleet(random));
    }

    /// The same with layers that cost nothing, before, between and behind the others.
    static PiperProfile withFreeLayers(PiperProfile profile, Random random) {
        TreeMap<Integer, List<PiperProfile.Choice>> ways = new TreeMap<>();
        profile.nodes().forEach(node -> node.degrees()
                .forEach(degree ->
                        ways.put(degree, List.of(new PiperProfile.Choice("free", 0, 0, 0, 0, Map.of(), Map.of())))));
        List<PiperProfile.Node> layers = new ArrayList<>(profile.nodes());
        List<PiperProfile.Edge> edges = new ArrayList<>(profile.edges());
        int known = layers.size();
        for (int more = 0; more < 1 + random.nextInt(2); more++) {
            int free = layers.size();
            layers.add(new PiperProfile.Node("free" + more, ways));
            boolean isSource = random.nextBoolean();
            for (int other = more == 0 ? 0 : random.nextInt(known); other < free; other++) {
                if (random.nextInt(2) == 0 && (isSource ? other < known : other != known)) {
                    edges.add(new PiperProfile.Edge(isSource ? free : other, isSource ? other : free, 0));
                }
            }
        }
        return new PiperProfile(layers, edges, profile.fleet());
    }

    private static PiperProfile.Fleet fleet(Random random) {
        double memory = random.nextInt(6) == 0 ? Double.POSITIVE_INFINITY : 4 + random.nextInt(16);
        return new PiperProfile.Fleet(1 + random.nextInt(5), memory, 1 + random.nextInt(4), 1 + random.nextInt(6));
    }

    private static PiperProfile.Node node(Random random, List<PiperProfile.Edge> edges, int node) {
        Map<Integer, List<PiperProfile.Choice>> degrees = new TreeMap<>();
        double time = random.nextInt(9);
        int first = random.nextInt(12) == 0 ? 2 : 1;
        for (int degree = first; degree <= first + random.nextInt(2); degree++) {
            List<PiperProfile.Choice> ways = new ArrayList<>();
            for (int way = 0; way <= random.nextInt(3); way++) {
                ways.add(choice(random, way, time / degree, edges, node));
            }
            degrees.put(degree, ways);
        }
        return new PiperProfile.Node("n" + node, degrees);
    }

    private static PiperProfile.Choice choice(
            Random random, int way, double time, List<PiperProfile.Edge> edges, int node) {
        Map<Integer, Double> forward = new TreeMap<>();
        Map<Integer, Double> backward = new TreeMap<>();
        for (PiperProfile.Edge edge : edges) {
            if (edge.target() == node) {
                forward.put(edge.source(), (double) random.nextInt(3));
            } else if (edge.source() == node) {
                backward.put(edge.target(), (double) random.nextInt(3));
            }
        }
        return new PiperProfile.Choice(
                "way" + way,
                time * (1 + way * 0.25),
                random.nextInt(4),
                way == 0 ? 1 + random.nextInt(4) : random.nextInt(2),
                random.nextInt(4),
                forward,
                backward);
    }

    /// The same model with its layers listed in another order and under other names.
    static PiperProfile shuffled(PiperProfile profile, Random random) {
        List<Integer> order = new ArrayList<>();
        profile.nodes().forEach(_ -> order.add(order.size()));
        Collections.shuffle(order, random);
        int[] place = new int[order.size()];
        for (int at = 0; at < place.length; at++) {
            place[order.get(at)] = at;
        }
        List<PiperProfile.Node> nodes = new ArrayList<>();
        for (int node : order) {
            PiperProfile.Node moved = profile.nodes().get(node).renumbered(place);
            nodes.add(new PiperProfile.Node("m" + random.nextInt(1000) + "-" + node, moved.choicesOfDegree()));
        }
        List<PiperProfile.Edge> edges = new ArrayList<>();
        profile.edges()
                .forEach(edge ->
                        edges.add(new PiperProfile.Edge(place[edge.source()], place[edge.target()], edge.bytes())));
        Collections.shuffle(edges, random);
        return new PiperProfile(nodes, edges, profile.fleet());
    }
}
