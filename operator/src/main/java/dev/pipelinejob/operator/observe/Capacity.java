package dev.pipelinejob.operator.observe;

import dev.pipelinejob.operator.planning.ClusterTopology.Machine;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The room that a cluster has for slots of one job.
///
/// @param machines the nodes with room, by name
/// @param leftOut the others, by name
/// @param needs what a slot asks for
public record Capacity(List<Machine> machines, List<LeftOut> leftOut, SlotNeeds needs) {
    /// A sentence has an end: so many reasons are named, the most frequent first.
    private static final int MAX_REASONS = 4;

    /// So many nodes are named; more are counted.
    private static final int MAX_NAMES = 4;

    public Capacity {
        machines = List.copyOf(machines);
        leftOut = List.copyOf(leftOut);
    }

    /// How many slots fit in all.
    public int slots() {
        return machines.stream().mapToInt(Machine::slots).sum();
    }

    /// How much room there is and why there is not more, for people.
    public String sentence() {
        String room = "There is room for %d %s of %s".formatted(slots(), slots() == 1 ? "worker" : "workers", asked());
        if (machines.isEmpty() && leftOut.isEmpty()) {
            return room + ": the cluster has no nodes.";
        }
        return room + ": "
                + Stream.of(where(), reasons()).filter(part -> !part.isEmpty()).collect(Collectors.joining("; "))
                + ".";
    }

    private String where() {
        if (machines.size() > MAX_NAMES) {
            return "on " + machines.size() + " nodes";
        }
        return machines.stream()
                .map(machine -> machine.slots() + " on " + machine.name())
                .collect(Collectors.joining(", "));
    }

    private String asked() {
        List<String> parts = new ArrayList<>();
        new TreeMap<>(needs.requests().devices()).forEach((name, count) -> parts.add(count + " " + name));
        parts.add(needs.requests().cpuMillis() / 1000.0 + " cpu");
        parts.add((needs.requests().memoryBytes() >> 20) + " MiB");
        return String.join(", ", parts);
    }

    private String reasons() {
        Map<Obstacle, List<String>> nodes = leftOut.stream()
                .collect(Collectors.groupingBy(
                        each -> new Obstacle(each.reason(), each.detail()),
                        TreeMap::new,
                        Collectors.mapping(LeftOut::node, Collectors.toList())));
        List<String> sentences = nodes.entrySet().stream()
                .sorted(Comparator.comparing((Map.Entry<Obstacle, List<String>> each) ->
                                -each.getValue().size())
                        .thenComparing(Map.Entry::getKey))
                .map(each -> each.getKey().words(each.getValue()))
                .toList();
        String named = String.join(", ", sentences.subList(0, Math.min(MAX_REASONS, sentences.size())));
        return sentences.size() <= MAX_REASONS ? named : named + ", and more";
    }

    /// What several nodes may have in common.
    private record Obstacle(LeftOut.Reason reason, String detail) implements Comparable<Obstacle> {
        String words(List<String> nodes) {
            String who = nodes.size() > MAX_NAMES ? nodes.size() + " nodes" : String.join(", ", nodes);
            return who + " " + reason.words(nodes.size(), detail);
        }

        @Override
        public int compareTo(Obstacle other) {
            return Comparator.comparing(Obstacle::reason)
                    .thenComparing(Obstacle::detail)
                    .compare(this, other);
        }
    }
}
