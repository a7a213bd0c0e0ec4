package dev.pipelinejob.worker.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HexFormat;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What an earlier start found out about a data set: its summary, and for a folder or zip its tokens in one file.
/// Several processes may fill it at once; the last one wins with the same content.
final class TokenCache {
    private static final int COPY_BYTES = 1 << 16;
    private static final Pattern INDEX = Pattern.compile(
            "length=([0-9]{1,18})\nsha256=([0-9a-f]{64})\ncrc32c=([0-9a-f]{8})\nlargest=(-?[0-9]{1,3})\n");

    private final Path folder;
    private final Corpus corpus;
    private final long limitBytes;
    private final String name;

    TokenCache(Path folder, Corpus corpus, long limitBytes) throws IOException {
        this.folder = folder;
        this.corpus = corpus;
        this.limitBytes = limitBytes;
        byte[] key = (corpus.key() + limitBytes).getBytes(StandardCharsets.UTF_8);
        this.name = HexFormat.of().formatHex(TokenSummary.newSha256().digest(key));
    }

    /// The file whose first bytes are the tokens.
    Path tokens() {
        return corpus instanceof Corpus.SingleFile(Path file) ? file : folder.resolve(name + ".tokens");
    }

    private Path index() {
        return folder.resolve(name + ".index");
    }

    /// Null when nothing usable is known.
    @Nullable
    TokenSummary summary() throws IOException {
        try {
            Matcher index = INDEX.matcher(new String(Files.readAllBytes(index()), StandardCharsets.US_ASCII));
            return index.matches()
                    ? new TokenSummary(
                            Long.parseLong(index.group(1)),
                            index.group(2),
                            index.group(3),
                            Integer.parseInt(index.group(4)))
                    : null;
        } catch (NoSuchFileException absent) {
            return null;
        }
    }

    /// Reads the data once.
    void fill() throws IOException {
        Files.createDirectories(folder);
        TokenSummary.Scan scan = new TokenSummary.Scan();
        if (corpus instanceof Corpus.SingleFile) {
            try (OutputStream nowhere = OutputStream.nullOutputStream()) {
                copy(scan, nowhere);
            }
        } else {
            Path draft = draft();
            try {
                try (OutputStream copy = Files.newOutputStream(draft)) {
                    copy(scan, copy);
                }
                Files.move(draft, tokens(), StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(draft);
            }
        }
        TokenSummary summary = scan.summary();
        Path draft = draft();
        Files.writeString(
                draft,
                "length=%s\nsha256=%s\ncrc32c=%s\nlargest=%s\n"
                        .formatted(summary.length(), summary.sha256(), summary.crc32c(), summary.largest()));
        Files.move(draft, index(), StandardCopyOption.ATOMIC_MOVE);
    }

    private Path draft() {
        return folder.resolve(name + "." + UUID.randomUUID() + ".tmp");
    }

    private void copy(TokenSummary.Scan scan, OutputStream copy) throws IOException {
        byte[] buffer = new byte[COPY_BYTES];
        corpus.read(bytes -> copy(bytes, buffer, scan, copy));
    }

    private boolean copy(InputStream bytes, byte[] buffer, TokenSummary.Scan scan, OutputStream copy)
            throws IOException {
        while (scan.length() < limitBytes) {
            int wanted = (int) Math.min(buffer.length, limitBytes - scan.length());
            int read = bytes.read(buffer, 0, wanted);
            if (read < 0) {
                return true;
            }
            scan.add(buffer, read);
            copy.write(buffer, 0, read);
        }
        return false;
    }
}
