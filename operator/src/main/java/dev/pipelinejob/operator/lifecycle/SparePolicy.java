package dev.pipelinejob.operator.lifecycle;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// While the ranks train: spares are started, replaced and moved, and workers that no plan wants any more are let go.
final class SparePolicy {
    private final Observation seen;
    private final Journal journal;
    private final Alarm alarm;
    private final Places places;
    private final RepairPolicy repair;
    private final Set<Integer> seated;

    SparePolicy(Observation seen, Journal journal, ClaimedAttempt attempt, Alarm alarm) {
        this.seen = seen;
        this.journal = journal;
        this.alarm = alarm;
        this.places = new Places(seen, journal);
        this.repair = new RepairPolicy(seen, journal, places, alarm.now(), alarm);
        this.seated = attempt.seats().stream().map(Seat::slot).collect(Collectors.toSet());
    }

    List<Decision> decide() {
        if (seen.planning() instanceof PlanningState.NotAsked && seen.job().spares() > 0) {
            return List.of(plan("nobody knows the places of the spares"));
        }
        return seen.planning() instanceof PlanningState.Proposed proposed && !proposed.another()
                ? decide(proposed)
                : List.of();
    }

    private List<Decision> decide(PlanningState.Proposed proposed) {
        List<Decision> decisions = new ArrayList<>();
        int missing = proposed.plan().spares().size();
        missing -= keep(missing, decisions);
        missing -= renew(missing, decisions);
        missing -= start(missing, decisions);
        if (missing > 0) {
            decisions.add(plan("%d spares have lost their place".formatted(missing)));
        } else if (mayHaveMore(proposed.lacking())) {
            decisions.add(plan("there may be room for more spares now"));
        }
        return decisions;
    }

    /// A node that is avoided no more is room too, although nothing about the node has changed.
    private boolean mayHaveMore(PlanningState.@Nullable Lacking lacking) {
        return lacking != null
                && (lacking.roomHasChanged() || !Workers.avoided(seen, journal).containsAll(lacking.avoided()))
                && alarm.reached(lacking.askAgainAt(), "room for more spares");
    }

    private Decision.Plan plan(String reason) {
        return new Decision.Plan(reason, Workers.live(seen, journal), Workers.avoided(seen, journal));
    }

    /// Workers without a rank that are there: as many as are wanted stay.
    private int keep(int wanted, List<Decision> decisions) {
        int kept = 0;
        for (SlotView view : others()) {
            if (Workers.isLive(seen, journal, view)) {
                if (kept < wanted && places.has(view.slot())) {
                    kept++;
                    decisions.addAll(repair.repair(List.of(view)));
                } else {
                    decisions.add(release(view, "no plan needs it any more"));
                }
            }
        }
        return kept;
    }

    /// Workers that have failed: as many as are wanted are made new in their place, the others are let go.
    private int renew(int wanted, List<Decision> decisions) {
        int renewed = 0;
        for (SlotView view : others()) {
            if (view.presence() instanceof Presence.Absent || Workers.isLive(seen, journal, view)) {
                continue;
            }
            if (renewed < wanted && places.isOpen(view.slot())) {
                renewed++;
                decisions.addAll(repair.repair(List.of(view)));
            } else {
                decisions.add(release(view, "it has failed and nobody needs it"));
            }
        }
        return renewed;
    }

    /// Those that have a place and no worker yet; one that has to wait for the back-off counts as started.
    private int start(int wanted, List<Decision> decisions) {
        Instant from = journal.workers().sparesAt();
        int started = 0;
        for (PlanReference.Place place : places.all()) {
            SlotView view = seen.slot(place.slot());
            if (started < wanted
                    && !isSeated(place.slot())
                    && view.presence() instanceof Presence.Absent
                    && places.isOpen(place.slot())) {
                started++;
                if (from == null || alarm.reached(from, "the back-off of spares")) {
                    decisions.add(new Decision.StartSlot(
                            place.slot(), Workers.nextIncarnation(seen, journal, view), place.node()));
                }
            }
        }
        return started;
    }

    private static Decision release(SlotView view, String reason) {
        return new Decision.ReleaseSlot(view.slot(), view.presence().incarnation(), reason);
    }

    private List<SlotView> others() {
        return seen.slots().stream().filter(view -> !isSeated(view.slot())).toList();
    }

    private boolean isSeated(int slot) {
        return seated.contains(slot);
    }
}
