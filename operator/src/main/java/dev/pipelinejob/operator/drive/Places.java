package dev.pipelinejob.operator.drive;

import dev.pipelinejob.placement.topology.Topology;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where the workers of one job may be placed. Asked from the planner's thread too.
public interface Places {
    /// What is free for the job now, with what it holds already.
    Offer offer();

    /// All that is known of, free or not, to make recorded plans again; null when nothing is.
    @Nullable
    Topology known();

    /// Takes the places of a plan for the job, all or none; what it held before and the plan does not name is given
    /// back.
    ///
    /// @param places names of the topology's slots, by rank
    /// @return the job's slot for each of them, or null when one of them is not free any more
    @Nullable
    List<Integer> take(List<String> places);

    /// Whether what does not fit now may fit later.
    boolean mayGrow();

    /// What there is to plan on.
    sealed interface Offer {
        /// These slots.
        record Slots(Topology topology) implements Offer {}

        /// Nothing.
        ///
        /// @param sentence why, and what would help
        record Nothing(String sentence) implements Offer {}
    }
}
