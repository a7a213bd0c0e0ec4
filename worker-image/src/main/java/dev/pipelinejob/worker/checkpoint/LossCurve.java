package dev.pipelinejob.worker.checkpoint;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The losses of the whole job, merged from every attempt's segment: from an attempt's first step on, it wins over
/// all older attempts, and so every step stands there exactly once.
public final class LossCurve {
    /// Name of the merged curve in the store.
    public static final String FILE = "loss.csv";

    private static final Pattern ROW = Pattern.compile("([1-9][0-9]{0,8}),(NaN|-?Infinity|-?[0-9][0-9.E-]*)\n");

    private LossCurve() {}

    /// Loss by step. Torn and foreign lines are passed over.
    ///
    /// @throws IOException when a segment cannot be read
    public static SortedMap<Integer, Double> merge(Path directory) throws IOException {
        StoreLayout layout = new StoreLayout(directory.toAbsolutePath());
        TreeMap<Integer, Double> curve = new TreeMap<>();
        for (int attempt : layout.segments()) {
            NavigableMap<Integer, Double> rows = rows(Files.readAllBytes(layout.segment(attempt)));
            if (!rows.isEmpty()) {
                curve.tailMap(rows.firstKey()).clear();
                curve.putAll(rows);
            }
        }
        return Collections.unmodifiableSortedMap(curve);
    }

    private static NavigableMap<Integer, Double> rows(byte[] segment) {
        TreeMap<Integer, Double> rows = new TreeMap<>();
        Matcher row = ROW.matcher(new String(segment, StandardCharsets.US_ASCII));
        for (int at = 0; at < segment.length; ) {
            if (row.region(at, segment.length).lookingAt()) {
                number(row.group(2), Integer.parseInt(row.group(1)), rows);
            }
            int end = at;
            while (end < segment.length && segment[end] != '\n') {
                end++;
            }
            at = end + 1;
        }
        return rows;
    }

    private static void number(String text, int step, Map<Integer, Double> rows) {
        try {
            rows.put(step, Double.parseDouble(text));
        } catch (NumberFormatException torn) {
            return;
        }
    }

    /// Writes {@link #merge} to a file, atomically.
    public static WriteOutcome write(Path directory, Path file) {
        StoreFiles files = new DiskFiles();
        Path target = file.toAbsolutePath();
        Path draft = target.resolveSibling("." + target.getFileName() + ".tmp");
        try {
            StringBuilder text = new StringBuilder(LossSegment.HEADER);
            merge(directory)
                    .forEach((step, loss) ->
                            text.append(step).append(',').append(loss).append('\n'));
            try (StoreFiles.Sink sink = files.create(draft)) {
                CheckpointStore.writeFully(sink, text.toString().getBytes(StandardCharsets.US_ASCII));
                sink.sync();
            }
            files.move(draft, target);
            return new WriteOutcome.Written();
        } catch (IOException broken) {
            return StoreFailures.of(directory, "The loss curve " + file, broken);
        }
    }
}
