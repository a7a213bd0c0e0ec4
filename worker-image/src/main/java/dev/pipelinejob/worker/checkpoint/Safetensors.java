package dev.pipelinejob.worker.checkpoint;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pipelinejob.worker.engine.StateTensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/// Writes the safetensors format: eight bytes of header length, a JSON header padded with spaces to a multiple of
/// eight, then the tensors' little-endian data without gaps. Every tensor is float32.
public final class Safetensors {
    /// Readers of the format refuse longer headers.
    static final int MAXIMUM_HEADER_BYTES = 100_000_000;

    static final int LENGTH_BYTES = 8;
    static final String METADATA = "__metadata__";
    static final String FLOAT32 = "F32";

    private static final ObjectMapper JSON = new ObjectMapper();

    private Safetensors() {}

    /// What was written.
    ///
    /// @param bytes size of the file
    /// @param crc32c CRC-32C of the whole file, eight lower-case hex digits
    public record Written(long bytes, String crc32c) {}

    /// Writes a whole file to a channel; one buffer, as large as the largest tensor, is all the memory that it takes.
    ///
    /// @throws IllegalArgumentException when two tensors have one name, or the header would be longer than 100 MB
    public static Written write(
            WritableByteChannel channel, Map<String, String> metadata, List<StateTensor> tensors, TensorSource source)
            throws IOException {
        CRC32C checksum = new CRC32C();
        long bytes = write(channel, checksum, header(metadata, tensors));
        long largest = tensors.stream().mapToLong(StateTensor::bytes).max().orElse(0);
        try (Arena memory = Arena.ofConfined()) {
            ByteBuffer buffer =
                    memory.allocate(Math.max(largest, 1), Long.BYTES).asByteBuffer();
            for (StateTensor tensor : tensors) {
                buffer.clear().limit(Math.toIntExact(tensor.bytes()));
                source.read(tensor, buffer.order(ByteOrder.LITTLE_ENDIAN));
                bytes += write(channel, checksum, buffer.clear().limit(Math.toIntExact(tensor.bytes())));
            }
        }
        return new Written(bytes, hex(checksum));
    }

    private static ByteBuffer header(Map<String, String> metadata, List<StateTensor> tensors) throws IOException {
        ObjectNode root = JSON.createObjectNode();
        root.set(METADATA, JSON.valueToTree(metadata));
        long offset = 0;
        for (StateTensor tensor : tensors) {
            if (root.has(tensor.name())) {
                throw new IllegalArgumentException("Tensor " + tensor.name() + " is written twice into one file.");
            }
            ObjectNode entry = root.putObject(tensor.name());
            entry.put("dtype", FLOAT32).set("shape", JSON.valueToTree(tensor.shape()));
            entry.putArray("data_offsets").add(offset).add(offset + tensor.bytes());
            offset += tensor.bytes();
        }
        byte[] json = JSON.writeValueAsString(root).getBytes(StandardCharsets.UTF_8);
        int padded = Math.ceilDiv(json.length, Long.BYTES) * Long.BYTES;
        if (padded > MAXIMUM_HEADER_BYTES) {
            throw new IllegalArgumentException("A safetensors header of " + padded + " bytes is longer than the "
                    + MAXIMUM_HEADER_BYTES + " that readers accept: write fewer tensors into one file.");
        }
        byte[] text = Arrays.copyOf(json, padded);
        Arrays.fill(text, json.length, padded, (byte) ' ');
        return ByteBuffer.allocate(LENGTH_BYTES + padded)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(padded)
                .put(text)
                .flip();
    }

    private static long write(WritableByteChannel channel, CRC32C checksum, ByteBuffer bytes) throws IOException {
        checksum.update(bytes.duplicate());
        long size = bytes.remaining();
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        return size;
    }

    static String hex(CRC32C checksum) {
        return HexFormat.of().toHexDigits((int) checksum.getValue());
    }
}
