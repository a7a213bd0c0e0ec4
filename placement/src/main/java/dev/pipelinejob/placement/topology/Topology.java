package dev.pipelinejob.placement.topology;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The tree of machines, with its slots in leaf order.
public final class Topology {
    /// The level whose domains are machines; see [#hostOf].
    public static final String HOST_LEVEL = "host";

    private final Domain root;
    private final Map<String, Slot> slots = new LinkedHashMap<>();
    private final Map<String, List<Domain>> ancestors = new LinkedHashMap<>();
    private final Map<String, Domain> domains = new LinkedHashMap<>();

    /// Indexes a tree.
    ///
    /// @throws IllegalArgumentException when two nodes share a name or domains with shared cores are nested
    public Topology(Domain root) {
        this.root = root;
        collect(root, new ArrayList<>());
    }

    private void collect(Node node, List<Domain> path) {
        boolean known = slots.containsKey(node.name()) || domains.containsKey(node.name());
        if (known) {
            throw new IllegalArgumentException(
                    "Two nodes of the topology are named " + node.name() + ": names are unique.");
        }
        switch (node) {
            case Slot slot -> {
                slots.put(slot.name(), slot);
                ancestors.put(slot.name(), List.copyOf(path.reversed()));
            }
            case Domain domain -> {
                if (domain.computeCores() > 0 && path.stream().anyMatch(above -> above.computeCores() > 0)) {
                    throw new IllegalArgumentException(
                            "Domain " + domain.name() + " and a domain above it both have computeCores: say it once.");
                }
                domains.put(domain.name(), domain);
                path.add(domain);
                domain.children().forEach(child -> collect(child, path));
                path.removeLast();
                requireEqualSpeed(domain);
            }
        }
    }

    private void requireEqualSpeed(Domain domain) {
        if (domain.computeCores() == 0) {
            return;
        }
        long speeds = slots.values().stream()
                .filter(slot -> ancestors.getOrDefault(slot.name(), List.of()).contains(domain))
                .mapToDouble(Slot::relativeSpeed)
                .distinct()
                .count();
        if (speeds > 1) {
            throw new IllegalArgumentException("The slots of " + domain.name()
                    + " share its cores but have different relativeSpeeds: give them one.");
        }
    }

    /// Equal slots side by side under one domain whose uplink nothing uses.
    public static Topology flat(int slotCount, Slot pattern) {
        List<Slot> children = new ArrayList<>();
        for (int index = 0; index < slotCount; index++) {
            children.add(new Slot(
                    pattern.name() + "-" + index,
                    pattern.portBytesPerSecond(),
                    pattern.portLatencyMicros(),
                    pattern.memoryBytes(),
                    pattern.relativeSpeed()));
        }
        return new Topology(Domain.unlimited("flat", HOST_LEVEL, children));
    }

    public Domain root() {
        return root;
    }

    /// All slots in leaf order.
    public List<Slot> slots() {
        return List.copyOf(slots.values());
    }

    /// All domains, parents before children, in leaf order.
    public List<Domain> domains() {
        return List.copyOf(domains.values());
    }

    public boolean hasSlot(String name) {
        return slots.containsKey(name);
    }

    /// The tree with these slots only; domains that become empty are left out.
    ///
    /// @throws IllegalArgumentException when none of the slots is left
    public Topology restrictedTo(Set<String> slotNames) {
        Node rest = restricted(root, slotNames);
        if (!(rest instanceof Domain domain)) {
            throw new IllegalArgumentException("None of the slots " + slotNames + " is in the topology.");
        }
        return new Topology(domain);
    }

    private static @Nullable Node restricted(Node node, Set<String> slotNames) {
        return switch (node) {
            case Slot slot -> slotNames.contains(slot.name()) ? slot : null;
            case Domain domain -> {
                List<Node> children = new ArrayList<>();
                for (Node child : domain.children()) {
                    Node rest = restricted(child, slotNames);
                    if (rest != null) {
                        children.add(rest);
                    }
                }
                yield children.isEmpty() ? null : domain.withChildren(children);
            }
        };
    }

    /// The slot of a name.
    ///
    /// @throws IllegalArgumentException when there is none
    public Slot slot(String name) {
        Slot slot = slots.get(name);
        if (slot == null) {
            throw new IllegalArgumentException("The topology has no slot " + name + ".");
        }
        return slot;
    }

    /// The domains that hold a slot, nearest first, the root last.
    public List<Domain> ancestors(String slotName) {
        return Collections.unmodifiableList(
                ancestors.getOrDefault(slot(slotName).name(), List.of()));
    }

    /// The machine of a slot: its nearest domain of level [#HOST_LEVEL], else its parent.
    public Domain hostOf(String slotName) {
        List<Domain> path = ancestors(slotName);
        return path.stream()
                .filter(domain -> domain.level().equals(HOST_LEVEL))
                .findFirst()
                .orElse(path.getFirst());
    }
}
