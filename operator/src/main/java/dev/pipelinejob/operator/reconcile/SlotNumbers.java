package dev.pipelinejob.operator.reconcile;

import dev.pipelinejob.operator.lifecycle.PlanReference;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// The job's own numbers for places: a slot that stays keeps its number, others get the lowest that no worker has that
/// stays.
final class SlotNumbers {
    private final TreeMap<Integer, String> kept;
    private final Set<Integer> used;

    /// @param kept the node of each slot that stays
    SlotNumbers(SortedMap<Integer, String> kept) {
        this.kept = new TreeMap<>(kept);
        this.used = new HashSet<>(kept.keySet());
    }

    /// Numbers one more place on each of these nodes.
    List<PlanReference.Place> places(List<String> nodes) {
        List<PlanReference.Place> places = new ArrayList<>();
        for (String node : nodes) {
            Integer here = kept.entrySet().stream()
                    .filter(each -> each.getValue().equals(node))
                    .map(Map.Entry::getKey)
                    .findFirst()
                    .orElse(null);
            if (here != null) {
                kept.remove(here);
                places.add(new PlanReference.Place(here, node));
            } else {
                places.add(new PlanReference.Place(lowestFree(), node));
            }
        }
        return places;
    }

    private int lowestFree() {
        int free = 0;
        while (!used.add(free)) {
            free++;
        }
        return free;
    }
}
