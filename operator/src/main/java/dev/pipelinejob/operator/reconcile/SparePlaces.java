package dev.pipelinejob.operator.reconcile;

import dev.pipelinejob.placement.topology.Domain;
import dev.pipelinejob.placement.topology.Slot;
import dev.pipelinejob.placement.topology.Topology;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Where spares stand by. A worker that is there already stays; others go where the loss of one node does not take
/// them together with a rank or with each other, and among such nodes nearest to the ranks.
final class SparePlaces {
    private final Topology all;
    private final Set<Domain> neighbourhood;
    private final Map<String, Integer> workers = new TreeMap<>();
    private final Map<String, Integer> room = new TreeMap<>();

    private SparePlaces(Topology all, List<String> ranks) {
        this.all = all;
        this.neighbourhood = Nearby.domains(all, Set.copyOf(ranks));
        all.slots().forEach(slot -> room.merge(Nearby.nodeOf(all, slot), 1, Integer::sum));
        ranks.forEach(this::take);
    }

    /// Where so many spares stand by, as far as there is room.
    ///
    /// @param all every slot that the job may use, those that it holds included
    /// @param ranks the node of each rank
    /// @param staying the nodes of workers that stay and have no rank
    /// @param count how many spares are wished for
    /// @return the node of each spare that there is room for
    static List<String> choose(Topology all, List<String> ranks, Collection<String> staying, int count) {
        SparePlaces places = new SparePlaces(all, ranks);
        List<String> chosen = new ArrayList<>();
        for (String node : staying) {
            if (chosen.size() < count && places.hasRoom(node)) {
                places.take(node);
                chosen.add(node);
            }
        }
        while (chosen.size() < count) {
            Slot next = places.best();
            if (next == null) {
                break;
            }
            String node = Nearby.nodeOf(all, next);
            places.take(node);
            chosen.add(node);
        }
        return List.copyOf(chosen);
    }

    private void take(String node) {
        workers.merge(node, 1, Integer::sum);
        room.merge(node, -1, Integer::sum);
    }

    private boolean hasRoom(String node) {
        return room.getOrDefault(node, 0) > 0;
    }

    /// The first of the best, in the order of the topology; null when there is no room.
    private @Nullable Slot best() {
        return all.slots().stream()
                .filter(slot -> hasRoom(Nearby.nodeOf(all, slot)))
                .min(Comparator.<Slot>comparingInt(slot -> workers.getOrDefault(Nearby.nodeOf(all, slot), 0))
                        .thenComparingInt(slot -> Nearby.distance(all, slot, neighbourhood)))
                .orElse(null);
    }
}
