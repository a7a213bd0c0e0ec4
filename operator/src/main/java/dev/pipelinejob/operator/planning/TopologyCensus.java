package dev.pipelinejob.operator.planning;

import dev.pipelinejob.api.v1alpha1.InterconnectTopologySpec;
import dev.pipelinejob.api.v1alpha1.InterconnectTopologySpec.Device;
import dev.pipelinejob.api.v1alpha1.InterconnectTopologySpec.Level;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a cluster's nodes are in the words of a topology, counted by the rules that [ClusterTopology] plans by.
///
/// @param nodes all nodes
/// @param withDevice those with a device of the topology; the others are no part of it
/// @param matched those of them that carry the labels of all levels
/// @param levels what they make of each level, coarse to fine
/// @param devices what they have of each kind of device
public record TopologyCensus(
        int nodes, int withDevice, int matched, List<LevelCount> levels, List<DeviceCount> devices) {
    public TopologyCensus {
        levels = List.copyOf(levels);
        devices = List.copyOf(devices);
    }

    /// What one node has.
    ///
    /// @param node its name
    /// @param labels its labels
    /// @param resources how many whole ones it offers of each resource
    public record Offer(String node, Map<String, String> labels, Map<String, Long> resources) {
        public Offer {
            labels = Map.copyOf(labels);
            resources = Map.copyOf(resources);
        }
    }

    /// What nodes make of one level.
    ///
    /// @param level the level
    /// @param domains how many domains it has among the nodes that carry the labels down to it
    /// @param unlabelled the nodes that lack its label, by name
    /// @param finerThanNext whether it looks as if it belonged below the next level: each of its values goes
    ///     with one value of the next level, of which at least one goes with several of its own
    public record LevelCount(Level level, int domains, List<String> unlabelled, boolean finerThanNext) {
        public LevelCount {
            unlabelled = List.copyOf(unlabelled);
        }
    }

    /// What nodes have of one kind of device.
    ///
    /// @param device the kind
    /// @param nodes how many nodes have it
    /// @param count how many of its resource they offer
    public record DeviceCount(Device device, int nodes, long count) {}

    /// Counts.
    public static TopologyCensus of(InterconnectTopologySpec spec, List<Offer> offers) {
        List<DeviceCount> devices = spec.devices().stream()
                .map(device -> count(spec, device, offers))
                .toList();
        List<Offer> members = offers.stream()
                .filter(offer -> spec.devices().stream().anyMatch(device -> has(spec, device, offer)))
                .sorted(Comparator.comparing(Offer::node))
                .toList();
        List<LevelCount> levels = new ArrayList<>();
        for (int depth = 0; depth < spec.levels().size(); depth++) {
            levels.add(count(spec.levels(), depth, members));
        }
        int matched = (int) members.stream()
                .filter(offer -> isLabelled(offer, spec.levels()))
                .count();
        return new TopologyCensus(offers.size(), members.size(), matched, levels, devices);
    }

    private static boolean has(InterconnectTopologySpec spec, Device device, Offer offer) {
        return offer.resources().getOrDefault(device.resource(), 0L) > 0
                && device.equals(ClusterTopology.deviceOf(spec, device.resource(), offer.labels()));
    }

    private static DeviceCount count(InterconnectTopologySpec spec, Device device, List<Offer> offers) {
        List<Offer> with =
                offers.stream().filter(offer -> has(spec, device, offer)).toList();
        return new DeviceCount(
                device,
                with.size(),
                with.stream()
                        .mapToLong(offer -> offer.resources().getOrDefault(device.resource(), 0L))
                        .sum());
    }

    private static LevelCount count(List<Level> levels, int depth, List<Offer> members) {
        Level level = levels.get(depth);
        List<Level> path = levels.subList(0, depth + 1);
        int domains = Math.toIntExact(members.stream()
                .filter(offer -> isLabelled(offer, path))
                .map(offer -> path.stream()
                        .map(each -> offer.labels().getOrDefault(each.nodeLabel(), ""))
                        .toList())
                .distinct()
                .count());
        List<String> unlabelled = members.stream()
                .filter(offer -> !isLabelled(offer, List.of(level)))
                .map(Offer::node)
                .toList();
        boolean reversed = depth + 1 < levels.size() && isFiner(level, levels.get(depth + 1), members);
        return new LevelCount(level, domains, unlabelled, reversed);
    }

    private static boolean isLabelled(Offer offer, List<Level> levels) {
        return levels.stream().allMatch(level -> offer.labels().containsKey(level.nodeLabel()));
    }

    private static boolean isFiner(Level level, Level next, List<Offer> members) {
        Map<String, Set<String>> inside = new HashMap<>();
        Map<String, Set<String>> around = new HashMap<>();
        for (Offer offer : members) {
            String value = offer.labels().get(level.nodeLabel());
            String below = offer.labels().get(next.nodeLabel());
            if (value != null && below != null) {
                inside.computeIfAbsent(value, _ -> new HashSet<>()).add(below);
                around.computeIfAbsent(below, _ -> new HashSet<>()).add(value);
            }
        }
        return inside.values().stream().allMatch(each -> each.size() == 1)
                && around.values().stream().anyMatch(each -> each.size() > 1);
    }
}
