package dev.pipelinejob.placement.simulate;

import dev.pipelinejob.placement.schedule.OperationKind;

/// One operation on a timeline; predicted and measured ones look alike.
///
/// @param rank the worker
/// @param kind what it did
/// @param stage see [OperationKind]
/// @param microBatch see [OperationKind]
/// @param startMicros since the beginning of the timeline
/// @param endMicros since the beginning of the timeline; waiting counts, so a receive is as long as it blocked
public record Span(int rank, OperationKind kind, int stage, int microBatch, double startMicros, double endMicros) {}
