package dev.pipelinejob.worker.checkpoint;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A safetensors file of float32 tensors, open for reading by name.
public final class SafetensorsFile implements SafetensorsOutcome, AutoCloseable {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final FileChannel channel;
    private final Map<String, String> metadata;
    private final Map<String, Entry> entries;

    private SafetensorsFile(FileChannel channel, Map<String, String> metadata, Map<String, Entry> entries) {
        this.channel = channel;
        this.metadata = Collections.unmodifiableMap(metadata);
        this.entries = Collections.unmodifiableMap(entries);
    }

    /// Where a tensor's data lies, from the start of the file.
    record Entry(List<Long> shape, long position, long bytes) {}

    /// Opens a file and checks that its header is sound and describes every byte exactly once.
    ///
    /// @throws IOException when the file cannot be read
    public static SafetensorsOutcome open(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        SafetensorsOutcome outcome;
        try {
            outcome = open(channel);
        } catch (IOException broken) {
            channel.close();
            throw broken;
        }
        if (outcome instanceof SafetensorsOutcome.Malformed) {
            channel.close();
        }
        return outcome;
    }

    /// The file stays the caller's to close unless it is returned.
    static SafetensorsOutcome open(FileChannel channel) throws IOException {
        try {
            long size = channel.size();
            require(size >= Safetensors.LENGTH_BYTES, "it has " + size + " bytes and no header");
            long length = read(channel, 0, Safetensors.LENGTH_BYTES).getLong();
            require(
                    length >= 2
                            && length <= Math.min(Safetensors.MAXIMUM_HEADER_BYTES, size - Safetensors.LENGTH_BYTES),
                    "its header length " + length + " does not fit a file of " + size + " bytes");
            byte[] header = new byte[Math.toIntExact(length)];
            read(channel, Safetensors.LENGTH_BYTES, header.length).get(header);
            return parse(channel, JSON.readTree(header), Safetensors.LENGTH_BYTES + length, size);
        } catch (Unsound unsound) {
            return new Malformed(unsound.detail);
        } catch (JsonProcessingException noJson) {
            return new Malformed("its header is not JSON: " + noJson.getOriginalMessage());
        }
    }

    private static SafetensorsFile parse(FileChannel channel, JsonNode root, long dataStart, long size) throws Unsound {
        require(root.isObject(), "its header is not a JSON object");
        Map<String, String> metadata = new LinkedHashMap<>();
        Map<String, Entry> entries = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> field : root.properties()) {
            if (field.getKey().equals(Safetensors.METADATA)) {
                for (Map.Entry<String, JsonNode> note : field.getValue().properties()) {
                    metadata.put(note.getKey(), note.getValue().asText());
                }
            } else {
                entries.put(field.getKey(), entry(field.getKey(), field.getValue(), dataStart));
            }
        }
        List<Entry> inOrder = new ArrayList<>(entries.values());
        inOrder.sort(Comparator.comparingLong(Entry::position).thenComparingLong(Entry::bytes));
        long end = dataStart;
        for (Entry entry : inOrder) {
            require(entry.position == end, "its tensors overlap or leave a gap at byte " + end);
            end = Math.addExact(end, entry.bytes);
            require(end <= size, "its tensors reach beyond the file's " + size + " bytes");
        }
        require(end == size, "its tensors end at byte " + end + " but the file has " + size);
        return new SafetensorsFile(channel, metadata, entries);
    }

    private static Entry entry(String name, JsonNode node, long dataStart) throws Unsound {
        require(
                node.path("dtype").asText().equals(Safetensors.FLOAT32),
                "tensor " + name + " is not " + Safetensors.FLOAT32);
        JsonNode shapeNode = node.path("shape");
        JsonNode offsets = node.path("data_offsets");
        require(shapeNode.isArray() && offsets.isArray() && offsets.size() == 2, "tensor " + name + " has no place");
        List<Long> shape = new ArrayList<>();
        long bytes = Float.BYTES;
        for (JsonNode sizeNode : shapeNode) {
            require(sizeNode.canConvertToLong() && sizeNode.isIntegralNumber(), "tensor " + name + " has no shape");
            long size = sizeNode.longValue();
            boolean fits = size >= 0 && Math.multiplyHigh(bytes, size) == 0 && bytes * size >= 0;
            require(fits, "tensor " + name + " has an impossible shape");
            shape.add(size);
            bytes *= size;
        }
        boolean numbers = offsets.get(0).isIntegralNumber() && offsets.get(1).isIntegralNumber();
        long begin = offsets.get(0).longValue();
        boolean placed = numbers && begin >= 0 && begin < Long.MAX_VALUE / 2 && bytes < Long.MAX_VALUE / 4;
        require(
                placed && offsets.get(1).canConvertToLong() && offsets.get(1).longValue() == begin + bytes,
                "the place of tensor " + name + " does not hold " + bytes + " bytes");
        return new Entry(List.copyOf(shape), dataStart + begin, bytes);
    }

    /// Free text of whoever wrote the file.
    public Map<String, String> metadata() {
        return metadata;
    }

    /// Names of the tensors in the header's order.
    public Set<String> names() {
        return entries.keySet();
    }

    /// The row-major sizes of a tensor.
    ///
    /// @throws IllegalArgumentException when there is no such tensor
    public List<Long> shape(String name) {
        return entry(name).shape;
    }

    private Entry entry(String name) {
        Entry entry = entries.get(name);
        if (entry == null) {
            throw new IllegalArgumentException("The file holds no tensor " + name + ".");
        }
        return entry;
    }

    /// Fills exactly `into.remaining()` bytes, which must be the tensor's size; position and limit stay as they were.
    ///
    /// @throws IllegalArgumentException when there is no such tensor or the buffer has another size
    public void read(String name, ByteBuffer into) throws IOException {
        Entry entry = entry(name);
        if (entry.bytes != into.remaining()) {
            throw new IllegalArgumentException(
                    "Tensor " + name + " has " + entry.bytes + " bytes, but the buffer has " + into.remaining() + ".");
        }
        readFully(channel, entry.position, into.duplicate());
    }

    private static ByteBuffer read(FileChannel channel, long position, int bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        readFully(channel, position, buffer);
        return buffer.flip();
    }

    private static void readFully(FileChannel channel, long position, ByteBuffer into) throws IOException {
        long at = position;
        while (into.hasRemaining()) {
            int read = channel.read(into, at);
            if (read < 0) {
                throw new EOFException("The file ends at byte " + at + ".");
            }
            at += read;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private static void require(boolean sound, String detail) throws Unsound {
        if (!sound) {
            throw new Unsound(detail);
        }
    }

    /// Leaves the parser at the first unsound byte; never leaves this file.
    private static final class Unsound extends Exception {
        private static final long serialVersionUID = 1;
        private final String detail;

        Unsound(String detail) {
            super(detail, null, false, false);
            this.detail = detail;
        }
    }
}
