package dev.pipelinejob.operator.lifecycle;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// All that is known of one slot. Everything but `presence` belongs to the present incarnation.
///
/// @param slot its number, from 0
/// @param presence its pod or supervisor process
/// @param session its control stream
/// @param engine its engine process
/// @param report what it says of the attempt that its present engine holds; null when it holds none
/// @param lastExit the last end of an engine process; null when none has ended
/// @param edges dead tensor streams that it reported, of the report's attempt
/// @param drain why its worker says that it will end soon; null when it does not say so
/// @param orders what it was sent
public record SlotView(
        int slot,
        Presence presence,
        Session session,
        EngineState engine,
        @Nullable AttemptReport report,
        @Nullable EngineExit lastExit,
        List<EdgeReport> edges,
        @Nullable Drain drain,
        Orders orders) {
    public SlotView {
        edges = List.copyOf(edges);
    }

    /// A slot that was never started.
    public static SlotView absent(int slot) {
        return new SlotView(
                slot,
                new Presence.Absent(),
                new Session.Awaited(Instant.EPOCH),
                new EngineState.Down(Instant.EPOCH),
                null,
                null,
                List.of(),
                null,
                Orders.NONE);
    }

    /// Why it will end soon, as its worker or the cluster says; null when it goes on.
    @Nullable
    Drain leaving() {
        return presence instanceof Presence.Up up ? (up.leaving() != null ? up.leaving() : drain) : null;
    }
}
