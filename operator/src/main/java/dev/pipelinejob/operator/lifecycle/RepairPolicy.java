package dev.pipelinejob.operator.lifecycle;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Makes new what has failed, and nothing else: healthy processes stay. A worker that had said hello is replaced at
/// once; one that never did waits for the back-off, so that a worker that cannot start is not started in a tight loop.
final class RepairPolicy {
    private final Journal journal;
    private final Instant notBefore;
    private final Alarm alarm;

    /// @param notBefore the end of the back-off
    RepairPolicy(Journal journal, Instant notBefore, Alarm alarm) {
        this.journal = journal;
        this.notBefore = notBefore;
        this.alarm = alarm;
    }

    List<Decision> repair(List<SlotView> slots) {
        List<Decision> decisions = new ArrayList<>();
        for (SlotView view : slots) {
            int incarnation = incarnation(view.presence());
            if (journal.isHandled(view.slot(), incarnation, Journal.HandledExit.WHOLE_WORKER)) {
                boolean saidHello = !(view.session() instanceof Session.Awaited);
                if (saidHello || alarm.reached(notBefore, "the back-off of slot " + view.slot())) {
                    decisions.add(new Decision.ReplaceSlot(view.slot(), incarnation + 1, why(view)));
                }
            } else if (view.engine() instanceof EngineState.Up up
                    && journal.isHandled(view.slot(), incarnation, up.pid())
                    && !isOrdered(view, up.pid())) {
                decisions.add(new Decision.KillEngine(view.slot(), up.pid(), why(view)));
            }
        }
        return decisions;
    }

    private static int incarnation(Presence presence) {
        return switch (presence) {
            case Presence.Absent _ -> 0;
            case Presence.Starting(int incarnation, var _) -> incarnation;
            case Presence.Up(int incarnation, var _) -> incarnation;
            case Presence.Gone gone -> gone.incarnation();
        };
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
