package dev.pipelinejob.operator.lifecycle;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Who fills each rank of a plan: the worker in the rank's own place, or else a spare that is up.
final class RankPolicy {
    private final Observation seen;
    private final Journal journal;
    private final Places places;
    private final Alarm alarm;

    RankPolicy(Observation seen, Journal journal, Places places, Alarm alarm) {
        this.seen = seen;
        this.journal = journal;
        this.places = places;
        this.alarm = alarm;
    }

    /// What the ranks have and lack.
    ///
    /// @param seats those that can be filled now, by rank; all of them, or the attempt has to wait
    /// @param starts workers to start for the others
    /// @param homeless why a rank cannot be filled by this plan at all; null when every one can
    record Filled(
            List<Seat> seats,
            List<Decision> starts,
            @Nullable String homeless) {}

    Filled fill(PlanReference plan) {
        NavigableSet<Integer> spares = spares(plan);
        List<Seat> seats = new ArrayList<>();
        List<Decision> starts = new ArrayList<>();
        String homeless = null;
        for (int rank = 0; rank < plan.places().size(); rank++) {
            SlotView view = seen.slot(plan.places().get(rank).slot());
            Seat seat = Workers.seat(seen, journal, rank, view);
            if (seat == null) {
                Integer spare = spares.pollFirst();
                seat = spare == null ? null : Workers.seat(seen, journal, rank, seen.slot(spare));
            }
            if (seat != null) {
                seats.add(seat);
            } else if (!Workers.isLive(seen, journal, view)) {
                if (!places.isOpen(view.slot())) {
                    homeless = "the place of slot " + view.slot() + " is no longer good";
                } else if (view.presence() instanceof Presence.Absent) {
                    starts.add(start(view));
                }
            }
        }
        return new Filled(seats, mayStart() ? starts : List.of(), homeless);
    }

    /// Spares that could take over a rank now.
    private NavigableSet<Integer> spares(PlanReference plan) {
        NavigableSet<Integer> spares = new TreeSet<>();
        for (PlanReference.Place place : plan.spares()) {
            if (Workers.seat(seen, journal, 0, seen.slot(place.slot())) != null) {
                spares.add(place.slot());
            }
        }
        return spares;
    }

    private boolean mayStart() {
        return journal.startsAt() == null || alarm.reached(journal.startsAt(), "another try to start all workers");
    }

    private Decision.StartSlot start(SlotView view) {
        return new Decision.StartSlot(
                view.slot(), Workers.nextIncarnation(seen, journal, view), places.node(view.slot()));
    }
}
