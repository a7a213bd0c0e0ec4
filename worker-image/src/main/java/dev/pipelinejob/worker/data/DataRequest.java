package dev.pipelinejob.worker.data;

import java.nio.file.Path;

/// Which data a job trains on, and what it needs of it.
///
/// @param path a file, a folder or a zip, whose bytes are the tokens
/// @param maximumBytes at most this many are read, in name order; 0 = all
/// @param contextLength tokens of one window
/// @param vocabularySize every token is below it
/// @param cacheFolder where a digest, and a folder's or zip's bytes, are kept for the next start
public record DataRequest(Path path, long maximumBytes, int contextLength, int vocabularySize, Path cacheFolder) {
    long limitBytes() {
        return maximumBytes <= 0 ? Long.MAX_VALUE : maximumBytes;
    }
}
