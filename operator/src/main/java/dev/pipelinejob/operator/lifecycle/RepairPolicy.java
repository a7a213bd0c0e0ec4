package dev.pipelinejob.operator.lifecycle;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Makes new what has failed, and nothing else: healthy processes stay. A worker that an attempt had is replaced at
/// once; one that never came so far waits for the back-off, so that a worker that cannot start is not started in a
/// tight loop; a spare also for that of spares.
/// One whose place is no longer good is let go; the next plan finds it another.
final class RepairPolicy {
    private final Observation seen;
    private final Journal journal;
    private final Places places;
    private final Instant notBefore;
    private final Alarm alarm;

    /// @param notBefore the end of the back-off
    RepairPolicy(Observation seen, Journal journal, Places places, Instant notBefore, Alarm alarm) {
        this.seen = seen;
        this.journal = journal;
        this.places = places;
        this.notBefore = notBefore;
        this.alarm = alarm;
    }

    List<Decision> repair(List<SlotView> slots) {
        List<Decision> decisions = new ArrayList<>();
        for (SlotView view : slots) {
            int incarnation = view.presence().incarnation();
            if (incarnation != Presence.NO_INCARNATION && journal.workers().isWorkerHandled(view.slot(), incarnation)) {
                replace(view, decisions);
            } else if (view.engine() instanceof EngineState.Up up
                    && journal.workers().isHandled(view.slot(), incarnation, up.pid())
                    && !isOrdered(view, up.pid())) {
                decisions.add(new Decision.KillEngine(view.slot(), up.pid(), why(view)));
            }
        }
        return decisions;
    }

    private void replace(SlotView view, List<Decision> decisions) {
        if (!places.isOpen(view.slot())) {
            decisions.add(new Decision.ReleaseSlot(view.slot(), view.presence().incarnation(), why(view)));
            return;
        }
        if (hasServed(view) || alarm.reached(notBefore(view.slot()), "the back-off of slot " + view.slot())) {
            int next = Workers.nextIncarnation(seen, journal, view);
            decisions.add(new Decision.ReplaceSlot(view.slot(), next, places.node(view.slot()), why(view)));
        }
    }

    private Instant notBefore(int slot) {
        Instant spares = places.isSpare(slot) ? journal.workers().sparesAt() : null;
        return spares != null && spares.isAfter(notBefore) ? spares : notBefore;
    }

    private boolean hasServed(SlotView view) {
        return seen.attempts().stream()
                .flatMap(attempt -> attempt.seats().stream())
                .anyMatch(seat -> seat.slot() == view.slot()
                        && seat.incarnation() == view.presence().incarnation());
    }

    private static boolean isOrdered(SlotView view, long pid) {
        Orders.Kill kill = view.orders().kill();
        return kill != null && kill.pid() == pid;
    }

    private String why(SlotView view) {
        Fault open = journal.open();
        return open == null ? "Slot " + view.slot() + " has failed." : open.detail();
    }
}
