package dev.pipelinejob.worker.transport.grpc;

import dev.pipelinejob.worker.transport.TensorKey;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// The 64 bytes in front of every payload, little-endian: magic, attempt, step, kind, stage, micro-batch, element
/// type, CRC-32C of the payload, payload length (8 bytes), zeros.
///
/// @param attempt the sender's attempt
/// @param key what the message is
/// @param crc32c of the payload
/// @param payloadBytes length of the payload
record FrameHeader(int attempt, TensorKey key, int crc32c, long payloadBytes) {
    static final int BYTES = 64;
    private static final int MAGIC = 0x314A_4C50; // "PLJ1"
    private static final int RAW_BYTES = 0; // the only element type: both ends know what they exchange

    byte[] encode() {
        ByteBuffer header = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(MAGIC)
                .putInt(attempt)
                .putInt(key.step())
                .putInt(key.kind().code())
                .putInt(key.stage())
                .putInt(key.microBatch())
                .putInt(RAW_BYTES)
                .putInt(crc32c)
                .putLong(payloadBytes);
        return header.array();
    }

    /// Reads a header.
    ///
    /// @throws IllegalArgumentException when the bytes are no header
    static FrameHeader decode(byte[] bytes) {
        ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int magic = header.getInt();
        int attempt = header.getInt();
        int step = header.getInt();
        int kind = header.getInt();
        int stage = header.getInt();
        int microBatch = header.getInt();
        int elementType = header.getInt();
        int crc32c = header.getInt();
        long payloadBytes = header.getLong();
        if (magic != MAGIC || elementType != RAW_BYTES || payloadBytes < 0) {
            throw new IllegalArgumentException("A frame begins with magic " + Integer.toHexString(magic)
                    + ", element type " + elementType + ", " + payloadBytes + " bytes: that is none of ours.");
        }
        return new FrameHeader(
                attempt, new TensorKey(step, TensorKey.Kind.of(kind), stage, microBatch), crc32c, payloadBytes);
    }
}
