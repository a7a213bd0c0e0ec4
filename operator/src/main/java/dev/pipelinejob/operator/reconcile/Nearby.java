package dev.pipelinejob.operator.reconcile;

import dev.pipelinejob.operator.drive.Places.Wish;
import dev.pipelinejob.placement.topology.Domain;
import dev.pipelinejob.placement.topology.Slot;
import dev.pipelinejob.placement.topology.Topology;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// What a job whose workers stay is planned on: their places, and as many free ones beside them as it lacks.
final class Nearby {
    private Nearby() {}

    /// @param all the places that stay, and everything that is free
    static Topology around(Topology all, Wish wish) {
        Map<String, Integer> staying = new TreeMap<>();
        wish.kept().values().forEach(node -> staying.merge(node, 1, Integer::sum));
        Set<String> chosen = new HashSet<>();
        Set<Domain> neighbourhood = new HashSet<>();
        List<Slot> free = new ArrayList<>();
        for (Slot slot : all.slots()) {
            String node = all.hostOf(slot.name()).name();
            if (staying.merge(node, -1, Integer::sum) >= 0) {
                chosen.add(slot.name());
                neighbourhood.addAll(all.ancestors(slot.name()));
            } else {
                free.add(slot);
            }
        }
        int lacking = Math.max(0, wish.wanted() + wish.spares() - chosen.size());
        free.stream()
                .sorted(Comparator.comparingInt(slot -> distance(all, slot, neighbourhood)))
                .limit(lacking)
                .forEach(slot -> chosen.add(slot.name()));
        return chosen.isEmpty() ? all : all.restrictedTo(chosen);
    }

    /// The domains that hold any of these nodes.
    static Set<Domain> domains(Topology all, Set<String> nodes) {
        Set<Domain> domains = new HashSet<>();
        for (Slot slot : all.slots()) {
            if (nodes.contains(nodeOf(all, slot))) {
                domains.addAll(all.ancestors(slot.name()));
            }
        }
        return domains;
    }

    static String nodeOf(Topology all, Slot slot) {
        return all.hostOf(slot.name()).name();
    }

    /// How many levels up a slot meets the first of some domains.
    static int distance(Topology all, Slot slot, Set<Domain> neighbourhood) {
        List<Domain> ancestors = all.ancestors(slot.name());
        for (int level = 0; level < ancestors.size(); level++) {
            if (neighbourhood.contains(ancestors.get(level))) {
                return level;
            }
        }
        return ancestors.size();
    }
}
