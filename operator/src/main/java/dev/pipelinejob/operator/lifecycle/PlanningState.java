package dev.pipelinejob.operator.lifecycle;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How far planning is.
public sealed interface PlanningState {
    /// Nobody asked yet.
    record NotAsked() implements PlanningState {}

    /// Asked, and there is no plan to go on with meanwhile.
    record InProgress() implements PlanningState {}

    /// There is a plan.
    ///
    /// @param plan the newest
    /// @param measurementsWaiting whether workers have measured costs that no plan has been asked for with yet
    /// @param closed the slots of it whose place takes no new worker now, because its node is full, cordoned or
    ///     gone; a worker that is there already may stay. Without nodes always empty
    /// @param another whether another plan is being looked for meanwhile
    /// @param lacking what is known of the places that spares still lack; null while there is nothing to ask for
    record Proposed(
            PlanReference plan,
            boolean measurementsWaiting,
            List<Integer> closed,
            boolean another,
            @Nullable Lacking lacking)
            implements PlanningState {
        public Proposed {
            closed = List.copyOf(closed);
        }

        /// A plan where there are no nodes to choose from.
        public Proposed(PlanReference plan, boolean measurementsWaiting) {
            this(plan, measurementsWaiting, List.of(), false, null);
        }
    }

    /// A plan had no place for all spares.
    ///
    /// @param askAgainAt before which nobody asks again, whatever happens
    /// @param roomHasChanged whether there is other room since then
    /// @param avoided nodes that it was made without
    record Lacking(Instant askAgainAt, boolean roomHasChanged, List<String> avoided) {
        public Lacking {
            avoided = List.copyOf(avoided);
        }
    }

    /// The job fits nowhere.
    ///
    /// @param sentence why, and what would help
    /// @param forGood whether that cannot change, as on one machine
    /// @param answeredAt when that was found
    /// @param capacityChanged whether there is more or other capacity since then, so that asking again may help
    record Infeasible(String sentence, boolean forGood, Instant answeredAt, boolean capacityChanged)
            implements PlanningState {
        /// A job that can never fit.
        public Infeasible(String sentence) {
            this(sentence, true, Instant.EPOCH, false);
        }
    }

    /// Planning itself broke: no fault of the user's.
    ///
    /// @param detail in words
    record Broken(String detail) implements PlanningState {}
}
