package dev.pipelinejob.worker.data;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/// What is known of a data set's tokens.
///
/// @param length number of tokens
/// @param sha256 lower-case hex
/// @param crc32c lower-case hex; fast enough to be checked at every opening
/// @param largest the largest token; -1 when there is none
record TokenSummary(long length, String sha256, String crc32c, int largest) {
    private static final int STRIDE_BYTES = 1 << 24;
    private static final int BYTE_MASK = 0xff;

    /// The checksum of a whole segment.
    static String checksum(MemorySegment tokens) {
        CRC32C checksum = new CRC32C();
        for (long at = 0; at < tokens.byteSize(); at += STRIDE_BYTES) {
            long bytes = Math.min(STRIDE_BYTES, tokens.byteSize() - at);
            checksum.update(tokens.asSlice(at, bytes).asByteBuffer());
        }
        return HexFormat.of().toHexDigits((int) checksum.getValue());
    }

    /// Sums up tokens as they pass.
    static final class Scan {
        private final MessageDigest sha256 = newSha256();
        private final CRC32C crc32c = new CRC32C();
        private long length;
        private int largest = -1;

        /// Takes the bytes between position and limit; both stay as they were.
        void add(byte[] bytes, int count) {
            sha256.update(bytes, 0, count);
            crc32c.update(ByteBuffer.wrap(bytes, 0, count));
            length += count;
            for (int index = 0; index < count; index++) {
                largest = Math.max(largest, bytes[index] & BYTE_MASK);
            }
        }

        long length() {
            return length;
        }

        TokenSummary summary() {
            return new TokenSummary(
                    length,
                    HexFormat.of().formatHex(sha256.digest()),
                    HexFormat.of().toHexDigits((int) crc32c.getValue()),
                    largest);
        }
    }

    static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
