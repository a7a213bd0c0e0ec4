package dev.pipelinejob.worker.engine;

import java.nio.ByteBuffer;

/// Where a call takes a tensor from.
public sealed interface Input {
    /// Bytes, from data or from a peer.
    record Buffer(ByteBuffer bytes) implements Input {}

    /// What a stage held by the same worker computed for the same micro-batch: its output in forward, its input
    /// gradient in backward. The engine hands the tensor over and frees the producer's copy.
    record FromStage(int stage) implements Input {}

    /// Nothing comes from outside: the loss starts here, or the accumulator of this use is held here.
    record None() implements Input {}
}
