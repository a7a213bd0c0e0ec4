package dev.pipelinejob.worker.data;

import java.nio.ByteBuffer;

/// Which samples a step trains on: each epoch draws every window exactly once, in an order that is
/// computed from seed
/// and epoch, so there is no state to save but the number of samples consumed.
public final class BatchSampler {
    /// What a model predicts from a window of `contextLength` tokens.
    public enum Targets {
        /// The next token at every position of the window: `contextLength` targets a sample (gpt).
        EVERY_POSITION,
        /// The one token after the window (mlp).
        AFTER_WINDOW
    }

    /// The numbers that the order depends on.
    public record Shape(long seed, int contextLength, int batchSize, int microBatches, Targets targets) {}

    public BatchSampler(TokenSource tokens, Shape shape) {
        Pending.answer(tokens, shape);
    }

    /// Bytes of one micro-batch's inputs: int32 tokens, `contextLength` a sample.
    public long inputBytes() {
        return Pending.answer();
    }

    /// Bytes of one micro-batch's targets: int32 tokens.
    public long targetBytes() {
        return Pending.answer();
    }

    /// Fills `into` from its position with {@link #inputBytes} bytes; position and limit stay as they were.
    ///
    /// @param step from 1
    /// @param microBatch from 0
    public void inputs(int step, int microBatch, ByteBuffer into) {
        Pending.answer();
    }

    /// Fills `into` from its position with {@link #targetBytes} bytes; position and limit stay as they were.
    public void targets(int step, int microBatch, ByteBuffer into) {
        Pending.answer();
    }

    /// The data cursor after a step: samples of all steps up to it.
    public long samplesConsumed(int step) {
        return Pending.answer(step);
    }
}
