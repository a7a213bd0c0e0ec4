package dev.pipelinejob.placement.simulate;

import dev.pipelinejob.placement.topology.Domain;
import dev.pipelinejob.placement.topology.Topology;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.SortedMap;
import java.util.TreeSet;

/// What a step sends over the links of one level of the tree: between its racks, for example.
///
/// @param level of the domains that are left, such as `rack`
/// @param pairs of workers that talk to each other from different domains of the level
/// @param bytesPerStep payload between them, both directions together
public record Crossing(String level, int pairs, long bytesPerStep) {
    /// Of every level below the root, coarse to fine. Levels whose links limit nothing are left out where there are
    /// others: nobody described them.
    ///
    /// @param slots of the ranks
    /// @param bytesPerStep what each worker sends to each other one
    public static List<Crossing> of(Topology topology, List<String> slots, SortedMap<WorkerPair, Long> bytesPerStep) {
        List<Crossing> crossings = new ArrayList<>();
        for (String level : levels(topology)) {
            TreeSet<WorkerPair> pairs = new TreeSet<>();
            long bytes = 0;
            for (Map.Entry<WorkerPair, Long> sent : bytesPerStep.entrySet()) {
                WorkerPair pair = sent.getKey();
                if (sent.getValue() > 0
                        && !domain(topology, slots.get(pair.from()), level)
                                .equals(domain(topology, slots.get(pair.to()), level))) {
                    pairs.add(new WorkerPair(Math.min(pair.from(), pair.to()), Math.max(pair.from(), pair.to())));
                    bytes += sent.getValue();
                }
            }
            crossings.add(new Crossing(level, pairs.size(), bytes));
        }
        return crossings;
    }

    private static SequencedSet<String> levels(Topology topology) {
        SequencedSet<String> all = new LinkedHashSet<>();
        SequencedSet<String> limited = new LinkedHashSet<>();
        for (Domain domain : topology.domains()) {
            if (!domain.equals(topology.root())) {
                all.add(domain.level());
                if (domain.uplinkBytesPerSecond() < Double.POSITIVE_INFINITY) {
                    limited.add(domain.level());
                }
            }
        }
        return limited.isEmpty() ? all : limited;
    }

    /// Its name; a slot beside the domains of a level is one by itself.
    private static String domain(Topology topology, String slot, String level) {
        return topology.ancestors(slot).stream()
                .filter(domain -> domain.level().equals(level))
                .map(Domain::name)
                .findFirst()
                .orElse(slot);
    }
}
