package dev.pipelinejob.operator.lifecycle;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One entry of the restart history.
///
/// @param attempt the attempt that it led to, or would have
/// @param cause why
/// @param slot the slot at fault; -1 when none is
/// @param node the node that it was on; {@link Presence#NO_NODE} when none is known
/// @param detectedAt when the failure was seen
/// @param resumedStep the committed step that the attempt resumed from
/// @param reachedStep the highest step completed before
/// @param firstStepAt when the attempt completed its first step; null until then
/// @param regainedAt when the attempt was again where the job had been; null until then
/// @param detail in words
/// @param lastLog the end of the failed process's log
/// @param exit how the failed process ended; null when none did, or nobody saw it
public record Restart(
        int attempt,
        Cause cause,
        int slot,
        String node,
        Instant detectedAt,
        int resumedStep,
        int reachedStep,
        @Nullable Instant firstStepAt,
        @Nullable Instant regainedAt,
        String detail,
        String lastLog,
        @Nullable ExitStatus exit) {
    public static final int MAX_LOG_CHARACTERS = 2048;

    public Restart {
        lastLog = tail(lastLog);
    }

    /// The steps that have to be done again.
    public int lostSteps() {
        return Math.max(0, reachedStep - resumedStep);
    }

    Restart with(@Nullable Instant first, @Nullable Instant regained) {
        return new Restart(
                attempt,
                cause,
                slot,
                node,
                detectedAt,
                resumedStep,
                reachedStep,
                first,
                regained,
                detail,
                lastLog,
                exit);
    }

    static String tail(String log) {
        return log.length() <= MAX_LOG_CHARACTERS ? log : log.substring(log.length() - MAX_LOG_CHARACTERS);
    }
}
