package dev.pipelinejob.operator.lifecycle;

import java.time.Instant;
import java.util.List;

/// An attempt that was claimed: its record was created, exclusively and for ever, before anything was sent.
///
/// @param number 1 for the first
/// @param resumeStep the committed step that it starts from; 0 = from the seed
/// @param planDigest the digest that every worker must confirm
/// @param seats by rank
/// @param claimedAt when its record was created
public record ClaimedAttempt(int number, int resumeStep, String planDigest, List<Seat> seats, Instant claimedAt) {
    public ClaimedAttempt {
        seats = List.copyOf(seats);
    }
}
