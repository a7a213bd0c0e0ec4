package dev.pipelinejob.worker.engine;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// As much of the safetensors format as the oracle needs: 4-byte elements, no metadata.
final class TinySafetensors {
    /// A tensor in a file.
    record Entry(String type, List<Long> shape, ByteBuffer bytes) {}

    private static final Pattern TENSOR = Pattern.compile(
            "\"([^\"]+)\":\\{\"dtype\":\"(\\w+)\",\"shape\":\\[([\\d,]*)],\"data_offsets\":\\[(\\d+),(\\d+)]}");

    private TinySafetensors() {}

    static void write(Path file, Map<String, Entry> tensors) throws IOException {
        StringBuilder header = new StringBuilder("{");
        long offset = 0;
        for (Map.Entry<String, Entry> tensor : tensors.entrySet()) {
            Entry entry = tensor.getValue();
            long end = offset + entry.bytes().remaining();
            header.append(header.length() > 1 ? "," : "")
                    .append("\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
                            .formatted(tensor.getKey(), entry.type(), entry.shape(), offset, end)
                            .replace(" ", ""));
            offset = end;
        }
        header.append("}").repeat(' ', (8 - header.length() % 8) % 8);
        byte[] text = header.toString().getBytes(StandardCharsets.US_ASCII);
        try (OutputStream out = Files.newOutputStream(file)) {
            ByteBuffer length =
                    ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(0, text.length);
            out.write(length.array());
            out.write(text);
            for (Entry entry : tensors.values()) {
                Channels.newChannel(out).write(entry.bytes().duplicate());
            }
        }
    }

    static Map<String, ByteBuffer> read(byte[] file) {
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        int header = Math.toIntExact(bytes.getLong(0));
        Matcher tensor = TENSOR.matcher(new String(file, 8, header, StandardCharsets.US_ASCII).replace(" ", ""));
        Map<String, ByteBuffer> tensors = new LinkedHashMap<>();
        while (tensor.find()) {
            int start = 8 + header + Integer.parseInt(tensor.group(4));
            int end = 8 + header + Integer.parseInt(tensor.group(5));
            tensors.put(tensor.group(1), bytes.slice(start, end - start).order(ByteOrder.LITTLE_ENDIAN));
        }
        return tensors;
    }
}
