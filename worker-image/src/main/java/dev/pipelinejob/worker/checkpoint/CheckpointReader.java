package dev.pipelinejob.worker.checkpoint;

import dev.pipelinejob.worker.checkpoint.OpenOutcome.Absent;
import dev.pipelinejob.worker.checkpoint.OpenOutcome.Corrupt;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// Reads committed steps and finds whatever is wrong with them.
record CheckpointReader(StoreLayout layout) {
    private static final int READ_BYTES = 1 << 20;

    /// A manifest, and why there is none.
    sealed interface ManifestOutcome {
        record Sound(Manifest manifest) implements ManifestOutcome {}

        record Unsound(OpenOutcome why) implements ManifestOutcome {}
    }

    ManifestOutcome manifest(int step) {
        try {
            Manifest manifest = ManifestJson.decode(Files.readAllBytes(layout.manifest(step)));
            if (manifest.step() != step) {
                return unsound("it is of step " + manifest.step());
            }
            return new ManifestOutcome.Sound(manifest);
        } catch (NoSuchFileException absent) {
            return new ManifestOutcome.Unsound(new Absent());
        } catch (IOException broken) {
            return unsound(StoreFailures.reason(broken));
        }
    }

    @Nullable
    Manifest soundManifest(int step) {
        return manifest(step) instanceof ManifestOutcome.Sound(Manifest manifest) ? manifest : null;
    }

    private static ManifestOutcome unsound(String detail) {
        return new ManifestOutcome.Unsound(
                new Corrupt(StoreLayout.MANIFEST, "The manifest cannot be used: " + detail + "."));
    }

    /// Opens the parts that hold the named tensors, after their checksums have been verified.
    OpenOutcome open(int step, Collection<String> names) {
        return switch (manifest(step)) {
            case ManifestOutcome.Unsound(OpenOutcome why) -> why;
            case ManifestOutcome.Sound(Manifest manifest) -> open(manifest, names);
        };
    }

    OpenOutcome open(Manifest manifest, Collection<String> names) {
        Set<String> missing = new LinkedHashSet<>(names);
        List<SafetensorsFile> files = new ArrayList<>();
        for (Part part : manifest.parts()) {
            if (!missing.removeAll(new HashSet<>(part.tensors()))) {
                continue;
            }
            Path file = layout.step(manifest.step()).resolve(part.file());
            try {
                switch (verified(file, part)) {
                    case SafetensorsFile sound -> files.add(sound);
                    case SafetensorsOutcome.Malformed(String detail) -> {
                        return corrupt(files, part.file(), "The part cannot be used: " + detail + ".");
                    }
                }
            } catch (IOException broken) {
                return corrupt(files, part.file(), "The part cannot be read: " + StoreFailures.reason(broken) + ".");
            }
        }
        if (!missing.isEmpty()) {
            return corrupt(
                    files,
                    StoreLayout.MANIFEST,
                    "No part holds tensor " + missing.iterator().next() + ".");
        }
        return new OpenedCheckpoint(manifest, files);
    }

    private static Corrupt corrupt(List<SafetensorsFile> files, String part, String detail) {
        for (SafetensorsFile file : files) {
            try {
                file.close();
            } catch (IOException closed) {
                return new Corrupt(part, detail + " Closing another part failed too: " + closed.getMessage());
            }
        }
        return new Corrupt(part, detail);
    }

    private static SafetensorsOutcome verified(Path file, Part part) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        SafetensorsOutcome outcome = new SafetensorsOutcome.Malformed("it could not be read");
        try {
            outcome = verified(channel, part);
        } finally {
            if (!(outcome instanceof SafetensorsFile)) {
                channel.close();
            }
        }
        return outcome;
    }

    private static SafetensorsOutcome verified(FileChannel channel, Part part) throws IOException {
        if (channel.size() != part.bytes()) {
            return new SafetensorsOutcome.Malformed(
                    "it has " + channel.size() + " bytes, its manifest says " + part.bytes());
        }
        String checksum = checksum(channel, part.bytes());
        if (!checksum.equals(part.crc32c())) {
            return new SafetensorsOutcome.Malformed(
                    "its checksum is " + checksum + ", its manifest says " + part.crc32c());
        }
        SafetensorsOutcome outcome = SafetensorsFile.open(channel);
        if (outcome instanceof SafetensorsFile file && !file.names().equals(new LinkedHashSet<>(part.tensors()))) {
            return new SafetensorsOutcome.Malformed("its tensors are not those that its manifest names");
        }
        return outcome;
    }

    private static String checksum(FileChannel channel, long bytes) throws IOException {
        CRC32C checksum = new CRC32C();
        try (Arena memory = Arena.ofConfined()) {
            ByteBuffer buffer =
                    memory.allocate(Math.clamp(bytes, 1, READ_BYTES)).asByteBuffer();
            for (long at = 0; at < bytes; ) {
                int read = channel.read(buffer.clear(), at);
                if (read < 0) {
                    throw new EOFException("it ends at byte " + at);
                }
                checksum.update(buffer.flip());
                at += read;
            }
        }
        return Safetensors.hex(checksum);
    }
}
