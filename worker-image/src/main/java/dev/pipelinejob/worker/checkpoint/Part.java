package dev.pipelinejob.worker.checkpoint;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;

/// One file of a checkpoint, as its manifest names it.
///
/// @param firstLayer first layer that the part holds
/// @param endLayer one past the last layer that the part holds
/// @param file path relative to the step's folder: `attempt-2/layers-0003-0007.safetensors`
/// @param bytes size of the file
/// @param crc32c CRC-32C of the whole file, eight lower-case hex digits
/// @param tensors names of all tensors of the part
/// @param parameters names of those that are parameters
public record Part(
        int firstLayer,
        int endLayer,
        String file,
        long bytes,
        String crc32c,
        List<String> tensors,
        List<String> parameters) {
    public Part {
        tensors = List.copyOf(tensors);
        parameters = List.copyOf(parameters);
        if (firstLayer < 0 || endLayer <= firstLayer || bytes <= 0) {
            throw new IllegalArgumentException(
                    "Part " + file + " holds layers " + firstLayer + " to " + endLayer + " in " + bytes + " bytes.");
        }
        if (!new HashSet<>(tensors).containsAll(parameters)) {
            throw new IllegalArgumentException("Part " + file + " names a parameter that is not among its tensors.");
        }
    }

    /// The part as bytes, for the worker that commits.
    public byte[] encode() {
        return ManifestJson.encode(this);
    }

    /// The reverse of {@link #encode}; the buffer's position stays as it was.
    ///
    /// @throws IllegalArgumentException when the bytes are not a part
    public static Part decode(ByteBuffer encoded) {
        byte[] bytes = new byte[encoded.remaining()];
        encoded.duplicate().get(bytes);
        return ManifestJson.decodePart(bytes);
    }
}
