package dev.pipelinejob.operator.lifecycle;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What a job's slots are good for now.
final class Workers {
    private Workers() {}

    /// Whether a slot's worker is there, or on its way, and nothing speaks against it.
    static boolean isLive(Observation seen, Journal journal, SlotView view) {
        Presence presence = view.presence();
        if (!(presence instanceof Presence.Starting) && !(presence instanceof Presence.Up)) {
            return false;
        }
        boolean unheard = presence instanceof Presence.Starting
                || view.session() instanceof Session.Silent
                || view.session() instanceof Session.Closed;
        boolean lost = unheard && seen.lost(presence.node()) != null;
        return !lost
                && view.leaving() == null
                && !journal.workers().isWorkerHandled(view.slot(), presence.incarnation());
    }

    /// Whether a slot's engine answers its supervisor; one that is not up is not asked.
    static boolean answers(SlotView view) {
        return !(view.engine() instanceof EngineState.Up up) || up.answers();
    }

    /// What ends the engine of a seat that hangs: its supervisor, or when nothing is heard of that, its pod's end.
    static Finding.Remedy remedy(SlotView view, Seat seat) {
        return view.session() instanceof Session.Connected
                ? new Finding.Remedy.Engine(seat.incarnation(), seat.enginePid())
                : new Finding.Remedy.Worker(seat.incarnation());
    }

    /// The slots that a plan can go on with where they are.
    static List<Integer> live(Observation seen, Journal journal) {
        return seen.slots().stream()
                .filter(view -> isLive(seen, journal, view))
                .map(SlotView::slot)
                .toList();
    }

    /// The seat that a slot can fill now; null while its worker or engine is not there or has to be made new.
    static @Nullable Seat seat(Observation seen, Journal journal, int rank, SlotView view) {
        if (!isLive(seen, journal, view)
                || !(view.presence() instanceof Presence.Up up)
                || !(view.session() instanceof Session.Connected)
                || !(view.engine() instanceof EngineState.Up engine)
                || journal.workers().isHandled(view.slot(), up.incarnation(), engine.pid())) {
            return null;
        }
        return new Seat(rank, view.slot(), up.incarnation(), engine.pid(), engine.address(), up.node());
    }

    /// Nodes that must not get a new worker.
    static List<String> avoided(Observation seen, Journal journal) {
        SortedSet<String> nodes = new TreeSet<>();
        seen.lostNodes().forEach(node -> nodes.add(node.name()));
        journal.workers().quarantine().forEach(quarantine -> nodes.add(quarantine.node()));
        return new ArrayList<>(nodes);
    }

    /// The incarnation to start next in a slot: above every one that ever was, or the one that was asked for already
    /// and has not been seen yet.
    static int nextIncarnation(Observation seen, Journal journal, SlotView view) {
        int seated = seen.attempts().stream()
                .flatMap(attempt -> attempt.seats().stream())
                .filter(seat -> seat.slot() == view.slot())
                .mapToInt(Seat::incarnation)
                .max()
                .orElse(Presence.NO_INCARNATION);
        int left = seen.leftovers().stream()
                .filter(leftover -> leftover.slot() == view.slot())
                .mapToInt(Leftover::incarnation)
                .max()
                .orElse(Presence.NO_INCARNATION);
        int over = Math.max(Math.max(seated, left), view.presence().incarnation());
        int asked = journal.workers().incarnation(view.slot());
        boolean isAwaited = asked > over && !journal.workers().isWorkerHandled(view.slot(), asked);
        return isAwaited ? asked : Math.max(over, asked) + 1;
    }
}
