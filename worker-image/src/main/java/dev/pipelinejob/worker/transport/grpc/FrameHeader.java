package dev.pipelinejob.worker.transport.grpc;

import dev.pipelinejob.worker.transport.TensorKey;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/// The 64 bytes in front of every payload, little-endian: magic, attempt, step, kind, stage, micro-batch, element
/// type, CRC-32C, payload length (8 bytes), zeros. The checksum is over the header with a zero in its place, then the
/// payload.
///
/// @param attempt the sender's attempt
/// @param key what the message is
/// @param payloadBytes length of the payload
record FrameHeader(int attempt, TensorKey key, long payloadBytes) {
    static final int BYTES = 64;
    private static final int MAGIC = 0x314A_4C50; // "PLJ1"
    private static final int RAW_BYTES = 0; // the only element type: both ends know what they exchange
    private static final int CHECKSUM_OFFSET = 28;

    byte[] encode(ByteBuffer payload) {
        byte[] bytes = new byte[BYTES];
        ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(MAGIC)
                .putInt(attempt)
                .putInt(key.step())
                .putInt(key.kind().code())
                .putInt(key.stage())
                .putInt(key.microBatch())
                .putInt(RAW_BYTES)
                .putInt(0)
                .putLong(payloadBytes);
        header.putInt(CHECKSUM_OFFSET, checksum(bytes, payload));
        return bytes;
    }

    /// Reads a header; its checksum is for {@link #matches}.
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
        long payloadBytes = header.getLong(CHECKSUM_OFFSET + Integer.BYTES);
        if (magic != MAGIC || elementType != RAW_BYTES || payloadBytes < 0) {
            throw new IllegalArgumentException("A frame begins with magic " + Integer.toHexString(magic)
                    + ", element type " + elementType + ", " + payloadBytes + " bytes: that is none of ours.");
        }
        return new FrameHeader(attempt, new TensorKey(step, TensorKey.Kind.of(kind), stage, microBatch), payloadBytes);
    }

    /// Whether header and payload are what was sent.
    static boolean matches(byte[] bytes, ByteBuffer payload) {
        byte[] unsigned = bytes.clone();
        ByteBuffer header = ByteBuffer.wrap(unsigned).order(ByteOrder.LITTLE_ENDIAN);
        int sent = header.getInt(CHECKSUM_OFFSET);
        header.putInt(CHECKSUM_OFFSET, 0);
        return sent == checksum(unsigned, payload);
    }

    private static int checksum(byte[] header, ByteBuffer payload) {
        CRC32C crc = new CRC32C();
        crc.update(header);
        crc.update(payload.duplicate());
        return (int) crc.getValue();
    }
}
