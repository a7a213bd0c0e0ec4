package dev.pipelinejob.operator.monitor;

import dev.pipelinejob.operator.lifecycle.Orders;
import dev.pipelinejob.operator.lifecycle.Presence;
import dev.pipelinejob.operator.lifecycle.Session;
import dev.pipelinejob.operator.lifecycle.SlotView;
import dev.pipelinejob.protocol.control.Abort;
import dev.pipelinejob.protocol.control.KillEngine;
import dev.pipelinejob.protocol.control.Lease;
import dev.pipelinejob.protocol.control.OperatorMessage;
import dev.pipelinejob.protocol.control.Pause;
import dev.pipelinejob.protocol.control.Prepare;
import dev.pipelinejob.protocol.control.Shutdown;
import dev.pipelinejob.protocol.control.Start;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The slots of one job as their supervisors tell it, and what they were told. One thread uses it.
public final class Roster {
    private final Sessions sessions;
    private final Map<Integer, Entry> bySlot = new TreeMap<>();

    private record Entry(WorkerReport report, Orders orders) {}

    public Roster(Sessions sessions) {
        this.sessions = sessions;
    }

    /// A new incarnation of a slot was started or found running: forget what the last one said.
    public void expect(WorkerKey worker, Instant at) {
        Entry known = bySlot.get(worker.slot());
        if (known == null || !known.report().worker().equals(worker)) {
            bySlot.put(worker.slot(), new Entry(WorkerReport.awaited(worker, at), Orders.NONE));
        }
    }

    /// Notes what happened on a control stream. What was ordered on an older session does not count on a new one.
    public void take(MonitorEvent event, Instant at) {
        Entry known = bySlot.get(event.worker().slot());
        if (known == null) {
            return;
        }
        WorkerReport next = known.report().after(event, at);
        boolean fresh = next.number() != known.report().number();
        bySlot.put(event.worker().slot(), new Entry(next, fresh ? Orders.NONE : known.orders()));
    }

    /// What the slot's present incarnation last said, or null when none is expected.
    public @Nullable WorkerReport report(int slot) {
        Entry entry = bySlot.get(slot);
        return entry == null ? null : entry.report();
    }

    /// The slot as the lifecycle sees it, given what the driver knows of its process or pod. A stream that is cut
    /// and whose process is gone was closed by the process's end.
    public SlotView view(int slot, Presence presence) {
        Entry entry = bySlot.get(slot);
        if (entry == null) {
            SlotView absent = SlotView.absent(slot);
            return new SlotView(
                    slot,
                    presence,
                    absent.session(),
                    absent.engine(),
                    absent.report(),
                    absent.lastExit(),
                    absent.edges(),
                    absent.drain(),
                    absent.orders());
        }
        WorkerReport report = entry.report();
        Session session = report.session();
        if (session instanceof Session.Silent silent && !(presence instanceof Presence.Up)) {
            session = new Session.Closed(silent.since());
        }
        return new SlotView(
                slot,
                presence,
                session,
                report.engine(),
                report.attempt(),
                report.lastExit(),
                report.edges(),
                report.drain(),
                entry.orders());
    }

    /// Lets a worker commit checkpoints for so long.
    public void lease(int slot, Duration length) {
        boolean _ = send(
                slot, OperatorMessage.newBuilder().setLease(Lease.newBuilder().setSeconds(length.toSeconds())));
    }

    /// Lets every worker commit checkpoints for so long.
    public void leaseAll(Duration length) {
        bySlot.keySet().forEach(slot -> lease(slot, length));
    }

    public void prepare(int slot, Prepare message, Instant at) {
        if (send(slot, OperatorMessage.newBuilder().setPrepare(message))) {
            order(slot, orders(slot).withPrepare(new Orders.Sent(message.getAttempt(), at)));
        }
    }

    public void start(int slot, int attempt, Instant at) {
        if (send(slot, OperatorMessage.newBuilder().setStart(Start.newBuilder().setAttempt(attempt)))) {
            order(slot, orders(slot).withStart(new Orders.Sent(attempt, at)));
        }
    }

    public void abort(int slot, int attempt, String reason, Instant at) {
        Abort.Builder abort = Abort.newBuilder().setAttempt(attempt).setReason(reason);
        if (send(slot, OperatorMessage.newBuilder().setAbort(abort))) {
            order(slot, orders(slot).withAbort(new Orders.Sent(attempt, at)));
        }
    }

    /// Asks for a checkpoint of all workers after the same step, with which the attempt ends.
    public void pause(int slot, int attempt, Instant at) {
        if (send(slot, OperatorMessage.newBuilder().setPause(Pause.newBuilder().setAttempt(attempt)))) {
            order(slot, orders(slot).withPause(new Orders.Sent(attempt, at)));
        }
    }

    /// Tells the supervisor to kill its engine process, which is known to be the one with `pid`.
    public void killEngine(int slot, long pid, String reason, Instant at) {
        KillEngine.Builder kill = KillEngine.newBuilder().setReason(reason);
        if (send(slot, OperatorMessage.newBuilder().setKillEngine(kill))) {
            order(slot, orders(slot).withKill(new Orders.Kill(pid, at)));
        }
    }

    /// Asks the supervisor to end itself and its engine; false when it cannot be reached.
    public boolean shutdown(int slot, String reason) {
        return send(
                slot,
                OperatorMessage.newBuilder().setShutdown(Shutdown.newBuilder().setReason(reason)));
    }

    private boolean send(int slot, OperatorMessage.Builder message) {
        Entry entry = bySlot.get(slot);
        return entry != null && sessions.send(entry.report().worker(), message.build());
    }

    private Orders orders(int slot) {
        Entry entry = bySlot.get(slot);
        return entry == null ? Orders.NONE : entry.orders();
    }

    private void order(int slot, Orders orders) {
        bySlot.computeIfPresent(slot, (_, entry) -> new Entry(entry.report(), orders));
    }
}
