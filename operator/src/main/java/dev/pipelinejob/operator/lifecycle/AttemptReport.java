package dev.pipelinejob.operator.lifecycle;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What a worker last said of the attempt that it holds.
///
/// @param attempt which attempt
/// @param digest the digest that it confirmed; empty while it prepares
/// @param dataDigest the digest of the data as it found it; empty until it is ready
/// @param phase how far it is
/// @param phaseAt when it was seen to reach that phase first
/// @param step the last completed step of this attempt; the resume step until the first one
/// @param stepAt when that step was seen completed, by the operator's clock; when the attempt began, until the first
/// @param problem why the phase is `FAILED`; null in all others
public record AttemptReport(
        int attempt,
        String digest,
        String dataDigest,
        WorkerPhase phase,
        Instant phaseAt,
        int step,
        Instant stepAt,
        @Nullable Problem problem) {
    public AttemptReport {
        if ((phase == WorkerPhase.FAILED) != (problem != null)) {
            throw new IllegalArgumentException(
                    "Attempt " + attempt + " is " + phase + " with problem " + problem + "; exactly FAILED has one.");
        }
    }
}
