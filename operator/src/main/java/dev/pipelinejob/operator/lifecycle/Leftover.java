package dev.pipelinejob.operator.lifecycle;

import java.time.Instant;

/// An incarnation that was replaced or released and is still there, because nobody confirms its end.
///
/// @param slot of which slot
/// @param incarnation which, below the slot's present one or released
/// @param node the node that it is on
/// @param endingSince when its end was asked for
public record Leftover(int slot, int incarnation, String node, Instant endingSince) {}
