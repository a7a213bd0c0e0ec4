package dev.pipelinejob.worker.checkpoint;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.CRC32C;

/// Manifests as JSON, with a checksum of their own: a manifest that was damaged into another valid one is found.
final class ManifestJson {
    static final int FORMAT_VERSION = 1;

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .build();

    private ManifestJson() {}

    private record Document(int formatVersion, String crc32c, Manifest checkpoint) {}

    static byte[] encode(Manifest manifest) {
        return bytes(new Document(FORMAT_VERSION, checksum(manifest), manifest));
    }

    /// @throws IOException when the bytes are not a sound manifest
    static Manifest decode(byte[] bytes) throws IOException {
        Document document = JSON.readValue(bytes, Document.class);
        if (document.formatVersion != FORMAT_VERSION) {
            throw new IOException("its format version " + document.formatVersion + " is not " + FORMAT_VERSION);
        }
        if (!document.crc32c.equals(checksum(document.checkpoint))) {
            throw new IOException("its checksum " + document.crc32c + " is not that of its content");
        }
        return document.checkpoint;
    }

    static byte[] encode(Part part) {
        return bytes(part);
    }

    static Part decodePart(byte[] bytes) {
        try {
            return JSON.readValue(bytes, Part.class);
        } catch (IOException noPart) {
            throw new IllegalArgumentException("These " + bytes.length + " bytes are not a checkpoint's part.", noPart);
        }
    }

    private static String checksum(Manifest manifest) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes(manifest));
        return Safetensors.hex(checksum);
    }

    private static byte[] bytes(Object value) {
        try {
            return JSON.writeValueAsBytes(value);
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
