package dev.pipelinejob.operator.lifecycle;

import java.time.Instant;

/// A worker says that its tensor stream to or from a peer is dead.
///
/// @param attempt in which attempt
/// @param peerRank the other end's rank
/// @param since when the first such report of this attempt arrived
public record EdgeReport(int attempt, int peerRank, Instant since) {}
