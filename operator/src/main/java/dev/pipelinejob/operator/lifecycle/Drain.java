package dev.pipelinejob.operator.lifecycle;

import java.time.Instant;

/// A worker that runs but has been asked to end: by an eviction, a preemption, a deletion or a signal.
///
/// @param since when it was asked
/// @param reason in words
public record Drain(Instant since, String reason) {}
