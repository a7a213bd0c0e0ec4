package dev.pipelinejob.worker.checkpoint;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// One attempt's own losses, `loss/attempt-A.csv` in the store, one row a step. For one thread.
public final class LossSegment implements AutoCloseable {
    static final String HEADER = "step,loss\n";

    private final StoreLayout layout;
    private final int attempt;
    private final StoreFiles files;
    private StoreFiles.@Nullable Sink sink;

    private LossSegment(StoreLayout layout, int attempt, StoreFiles files) {
        this.layout = layout;
        this.attempt = attempt;
        this.files = files;
    }

    /// Starts the attempt's segment afresh. Nothing is written before the first {@link #append}.
    public static LossSegment of(Path directory, int attempt) {
        return of(directory, attempt, new DiskFiles());
    }

    static LossSegment of(Path directory, int attempt, StoreFiles files) {
        return new LossSegment(new StoreLayout(directory.toAbsolutePath()), attempt, files);
    }

    /// Adds one row, every bit of the loss.
    public WriteOutcome append(int step, double loss) {
        try {
            if (sink == null) {
                files.createFolder(layout.losses());
                sink = files.create(layout.segment(attempt));
                write(sink, HEADER);
            }
            write(sink, step + "," + Double.toString(loss) + "\n");
            return new WriteOutcome.Written();
        } catch (IOException broken) {
            return StoreFailures.of(layout.directory(), "The loss of step " + step, broken);
        }
    }

    private static void write(StoreFiles.Sink sink, String text) throws IOException {
        CheckpointStore.writeFully(sink, text.getBytes(StandardCharsets.US_ASCII));
    }

    /// Makes all rows durable. Call it before the part of the same step is reported, so that a committed step never
    /// misses a loss.
    public WriteOutcome sync() {
        try {
            if (sink != null) {
                sink.sync();
                files.syncFolder(layout.losses());
            }
            return new WriteOutcome.Written();
        } catch (IOException broken) {
            return StoreFailures.of(layout.directory(), "The losses of attempt " + attempt, broken);
        }
    }

    @Override
    public void close() throws IOException {
        if (sink != null) {
            sink.close();
        }
    }
}
