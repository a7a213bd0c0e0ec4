package dev.pipelinejob.placement.workload;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// Reads a workload from a file in one of the public formats.
public final class WorkloadReader {
    /// The longest file that is read.
    public static final long MOST_FILE_BYTES = 1L << 30;

    private WorkloadReader() {}

    /// Reads the file.
    ///
    /// @throws InvalidWorkload with one sentence when the file is no workload
    /// @throws IOException when the file cannot be read at all
    public static Workload read(Path file, Format format, ReadOptions options) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new InvalidWorkload("There is no file " + file + ".");
        }
        long length = Files.size(file);
        if (length > MOST_FILE_BYTES) {
            throw new InvalidWorkload("File " + file + " has " + length + " bytes: the longest that is read has "
                    + MOST_FILE_BYTES + ".");
        }
        try (InputStream stream = Files.newInputStream(file)) {
            return read(stream, format, options);
        }
    }

    /// Reads the stream to its end.
    ///
    /// @throws InvalidWorkload with one sentence when it holds no workload
    public static Workload read(InputStream stream, Format format, ReadOptions options) throws IOException {
        return switch (format) {
            case DNN_PARTITIONING -> DnnPartitioningFormat.read(stream, options);
            case PIPEDREAM -> PipeDreamFormat.read(stream, options);
            case PIPER -> PiperFormat.read(stream, options);
            case GRAPH -> LayerGraphFormat.read(stream, options);
        };
    }
}
