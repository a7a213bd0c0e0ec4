package dev.pipelinejob.operator.drive;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Where the time of one recovery went.
///
/// @param attempt the attempt that it led to; 0 until it is claimed
/// @param detectedAt the failure was seen
/// @param enginesUpAt every slot had an engine again
/// @param claimedAt the attempt was claimed
/// @param readyAt every worker had loaded its parts
/// @param firstStepAt the first step was completed
public record Recovery(
        int attempt,
        Instant detectedAt,
        @Nullable Instant enginesUpAt,
        @Nullable Instant claimedAt,
        @Nullable Instant readyAt,
        @Nullable Instant firstStepAt) {}
