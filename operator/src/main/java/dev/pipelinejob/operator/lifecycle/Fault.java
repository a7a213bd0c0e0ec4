package dev.pipelinejob.operator.lifecycle;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What ended an attempt, from its detection until the next attempt is claimed.
///
/// @param attempt the attempt that it ended; 0 before the first
/// @param cause the first cause found
/// @param slots the slots at fault, the first cause's first; empty when none is
/// @param node the node of the first of them; {@link Presence#NO_NODE} when none is known
/// @param detectedAt when
/// @param reachedStep the highest step completed by then
/// @param detail in words
/// @param lastLog the end of the failed process's log, at most {@link Restart#MAX_LOG_CHARACTERS}
/// @param exit how the failed process ended; null when none did, or nobody saw it
/// @param charged whether it counts against the restart budget
public record Fault(
        int attempt,
        Cause cause,
        List<Integer> slots,
        String node,
        Instant detectedAt,
        int reachedStep,
        String detail,
        String lastLog,
        @Nullable ExitStatus exit,
        boolean charged) {
    public Fault {
        slots = List.copyOf(slots);
        lastLog = Restart.tail(lastLog);
    }
}
