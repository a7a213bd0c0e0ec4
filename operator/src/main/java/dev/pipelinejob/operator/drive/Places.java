package dev.pipelinejob.operator.drive;

import dev.pipelinejob.operator.lifecycle.LostNode;
import dev.pipelinejob.operator.lifecycle.PlanReference;
import dev.pipelinejob.placement.topology.Topology;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Where the workers of one job may be placed. Asked from the planner's thread too.
public interface Places {
    /// What there is to plan on.
    Offer offer(Wish wish);

    /// A topology that has these slots, whatever has become of them: recorded plans are made again with it.
    Topology having(List<String> slots);

    /// Takes the places of a plan for the job, all or none, and those of its spares as far as there is room; what it
    /// held before and is not among them is given back.
    ///
    /// @param slots names of slots of an offered topology, by rank
    /// @return null when one of the slots is not free any more
    @Nullable
    Taken take(Wish wish, List<String> slots);

    /// The places of a plan: the job's own number of each slot, and its node.
    ///
    /// @param ranks by rank
    /// @param spares at most as many as were wished for
    record Taken(List<PlanReference.Place> ranks, List<PlanReference.Place> spares) {
        public Taken {
            ranks = List.copyOf(ranks);
            spares = List.copyOf(spares);
        }
    }

    /// Why a plan on these slots, which are free, would not work here, in one sentence; null when nothing is known
    /// against it.
    ///
    /// @param slots names of slots of an offered topology, by rank
    default @Nullable String objection(List<String> slots) {
        return null;
    }

    /// The slots of a plan whose place takes no new worker now.
    List<Integer> closed(PlanReference plan);

    /// Those of some nodes that are lost.
    List<LostNode> lost(Collection<String> nodes);

    /// Whether what does not fit now may fit later.
    boolean mayGrow();

    /// Whether there is other room now than in the last offer.
    boolean haveChanged();

    /// What a plan has to go by.
    ///
    /// @param kept the node of each slot whose worker is sound and stays where it is
    /// @param avoided nodes that get no new worker
    /// @param wanted how many workers the present plan has; 0 when there is none
    /// @param spares how many workers are to stand by beside them
    record Wish(SortedMap<Integer, String> kept, List<String> avoided, int wanted, int spares) {
        public Wish {
            kept = Collections.unmodifiableSortedMap(new TreeMap<>(kept));
            avoided = List.copyOf(avoided);
        }
    }

    /// What there is to plan on.
    sealed interface Offer {
        /// These slots: the ones that stay, and free ones.
        ///
        /// @param topology the slots
        /// @param ranks how many of them at most should get a rank, so that spares have room too
        /// @param room why there are no more of them, in one sentence; empty where that says nothing new
        record Slots(Topology topology, int ranks, String room) implements Offer {}

        /// Nothing.
        ///
        /// @param sentence why, and what would help
        record Nothing(String sentence) implements Offer {}
    }
}
