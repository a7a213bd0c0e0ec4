package dev.pipelinejob.worker.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Which samples a step trains on: each epoch draws every window exactly once, in an order that is computed from
/// seed and epoch, so there is no state to save but the number of samples consumed.
public final class BatchSampler {
    private final TokenSource tokens;
    private final Shape shape;
    private final long windows;

    /// What a model predicts from a window of `contextLength` tokens.
    public enum Targets {
        /// The next token at every position of the window: `contextLength` targets a sample (gpt). Windows lie side
        /// by side, so that an epoch predicts each token once.
        EVERY_POSITION,
        /// The one token after the window (mlp). A window starts at every token, so that an epoch predicts each
        /// token once.
        AFTER_WINDOW
    }

    /// The numbers that the order depends on.
    ///
    /// @param seed the job's seed
    /// @param contextLength tokens a window
    /// @param batchSize samples a step, a multiple of `microBatches`
    /// @param microBatches micro-batches a step
    /// @param targets what is predicted
    public record Shape(long seed, int contextLength, int batchSize, int microBatches, Targets targets) {
        public Shape {
            if (contextLength < 1 || microBatches < 1 || batchSize < 1 || batchSize % microBatches != 0) {
                throw new IllegalArgumentException("A batch of " + batchSize + " windows of " + contextLength
                        + " tokens does not divide into " + microBatches + " micro-batches.");
            }
        }

        int samplesPerMicroBatch() {
            return batchSize / microBatches;
        }
    }

    /// The tokens stay the caller's to close.
    ///
    /// @throws IllegalArgumentException when there is no whole window with its targets
    public BatchSampler(TokenSource tokens, Shape shape) {
        this.tokens = tokens;
        this.shape = shape;
        this.windows = switch (shape.targets) {
            case EVERY_POSITION -> (tokens.length() - 1) / shape.contextLength;
            case AFTER_WINDOW -> tokens.length() - shape.contextLength;
        };
        if (windows < 1) {
            throw new IllegalArgumentException(
                    tokens.length() + " tokens hold no window of " + shape.contextLength + " and its target.");
        }
    }

    /// Windows an epoch.
    public long windows() {
        return windows;
    }

    /// Bytes of one micro-batch's inputs: int32 tokens, `contextLength` a sample.
    public long inputBytes() {
        return (long) Integer.BYTES * shape.samplesPerMicroBatch() * shape.contextLength;
    }

    /// Bytes of one micro-batch's targets: int32 tokens.
    public long targetBytes() {
        return switch (shape.targets) {
            case EVERY_POSITION -> inputBytes();
            case AFTER_WINDOW -> (long) Integer.BYTES * shape.samplesPerMicroBatch();
        };
    }

    /// Fills `into` from its position with {@link #inputBytes} bytes; position and limit stay as they were.
    ///
    /// @param step from 1
    /// @param microBatch from 0
    public void inputs(int step, int microBatch, ByteBuffer into) {
        fill(step, microBatch, 0, shape.contextLength, into);
    }

    /// Fills `into` from its position with {@link #targetBytes} bytes; position and limit stay as they were.
    ///
    /// @param step from 1
    /// @param microBatch from 0
    public void targets(int step, int microBatch, ByteBuffer into) {
        switch (shape.targets) {
            case EVERY_POSITION -> fill(step, microBatch, 1, shape.contextLength, into);
            case AFTER_WINDOW -> fill(step, microBatch, shape.contextLength, 1, into);
        }
    }

    /// The data cursor after a step: samples of all steps up to it.
    public long samplesConsumed(int step) {
        return Math.multiplyExact((long) step, shape.batchSize);
    }

    private void fill(int step, int microBatch, int offset, int count, ByteBuffer into) {
        if (step < 1 || microBatch < 0 || microBatch >= shape.microBatches) {
            throw new IllegalArgumentException("There is no micro-batch " + microBatch + " in step " + step + ".");
        }
        ByteBuffer buffer = into.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        int samples = shape.samplesPerMicroBatch();
        long first = samplesConsumed(step - 1) + (long) microBatch * samples;
        for (int sample = 0; sample < samples; sample++) {
            long start = windowStart(first + sample) + offset;
            for (int token = 0; token < count; token++) {
                buffer.putInt(tokens.at(start + token));
            }
        }
    }

    private long windowStart(long sample) {
        long window = Permutation.ofEpoch(shape.seed, sample / windows, windows).at(sample % windows);
        return switch (shape.targets) {
            case EVERY_POSITION -> window * shape.contextLength;
            case AFTER_WINDOW -> window;
        };
    }
}
