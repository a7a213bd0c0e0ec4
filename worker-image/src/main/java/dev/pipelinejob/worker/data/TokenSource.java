package dev.pipelinejob.worker.data;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// The tokens of a data set: its bytes, memory-mapped.
public final class TokenSource implements DataOutcome, AutoCloseable {
    private static final int BYTE_MASK = 0xff;

    private final Arena memory;
    private final MemorySegment tokens;
    private final TokenSummary summary;

    private TokenSource(Arena memory, MemorySegment tokens, TokenSummary summary) {
        this.memory = memory;
        this.tokens = tokens;
        this.summary = summary;
    }

    /// Opens a file, a folder (all regular files in the order of their relative paths; hidden ones are passed over)
    /// or a zip (entries in name order). A second opening of the same data takes milliseconds.
    public static DataOutcome open(DataRequest request) {
        try {
            Path path = request.path().toRealPath();
            Corpus corpus = Corpus.of(path);
            TokenCache cache = new TokenCache(request.cacheFolder(), corpus, request.limitBytes());
            TokenSource source = cached(cache);
            if (source == null) {
                cache.fill();
                source = cached(cache);
            }
            if (source == null) {
                return new Refused("The data " + request.path() + " changes while it is read: stop what writes to it.");
            }
            return checked(request, source);
        } catch (NoSuchFileException absent) {
            return new Refused("The data " + request.path() + " is not there: correct spec.data.text.path.");
        } catch (AccessDeniedException denied) {
            return new Refused("The data " + request.path() + " may not be read by this process: permission denied for "
                    + denied.getFile() + ".");
        } catch (IOException broken) {
            return new Refused("The data " + request.path() + " cannot be read: " + broken.getMessage() + ".");
        }
    }

    private static DataOutcome checked(DataRequest request, TokenSource source) {
        String refusal = refusal(request, source.summary);
        if (refusal == null) {
            return source;
        }
        source.close();
        return new Refused(refusal);
    }

    private static @Nullable String refusal(DataRequest request, TokenSummary summary) {
        if (summary.length() == 0) {
            return "The data " + request.path() + " is empty: name a file, folder or zip that holds text.";
        }
        if (summary.length() < request.contextLength() + 1L) {
            return "The data " + request.path() + " has " + summary.length() + " bytes, but one window needs "
                    + (request.contextLength() + 1L) + ": lower contextLength or bring more text.";
        }
        if (summary.largest() >= request.vocabularySize()) {
            return "The data " + request.path() + " holds byte " + summary.largest()
                    + ", but the model's vocabulary ends at " + (request.vocabularySize() - 1)
                    + ": raise vocabularySize (256 fits every text).";
        }
        return null;
    }

    /// What the cache knows, if the tokens are still those; else null.
    private static @Nullable TokenSource cached(TokenCache cache) throws IOException {
        TokenSummary summary = cache.summary();
        if (summary == null || !Files.isRegularFile(cache.tokens())) {
            return null;
        }
        Arena memory = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(cache.tokens(), StandardOpenOption.READ)) {
            if (channel.size() >= summary.length()) {
                MemorySegment tokens = channel.map(FileChannel.MapMode.READ_ONLY, 0, summary.length(), memory);
                if (TokenSummary.checksum(tokens).equals(summary.crc32c())) {
                    return new TokenSource(memory, tokens, summary);
                }
            }
        } catch (IOException broken) {
            memory.close();
            throw broken;
        }
        memory.close();
        return null;
    }

    /// Number of tokens.
    public long length() {
        return summary.length();
    }

    /// The token at a position, 0 to 255.
    public int at(long position) {
        return tokens.get(ValueLayout.JAVA_BYTE, position) & BYTE_MASK;
    }

    /// Lower-case hex SHA-256 of the tokens.
    public String digest() {
        return summary.sha256();
    }

    @Override
    public void close() {
        memory.close();
    }
}
