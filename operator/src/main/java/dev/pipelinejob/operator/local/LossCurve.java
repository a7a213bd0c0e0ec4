package dev.pipelinejob.operator.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One loss a step, merged from the attempts' own segments: from its first step on, the later one counts.
/// Values are carried as text, so every bit of them arrives; a line without its end is not there yet.
final class LossCurve {
    private static final Pattern SEGMENT = Pattern.compile("attempt-(\\d{1,9})\\.csv");
    private static final Pattern LINE = Pattern.compile("(\\d{1,9}),(\\S{1,32})");
    private static final int MAX_BYTES_A_READ = 4 << 20;

    private final Path segments;
    private final TreeMap<Integer, TreeMap<Integer, String>> byAttempt = new TreeMap<>();
    private final Map<Integer, Long> readBytes = new HashMap<>();

    LossCurve(Path segments) {
        this.segments = segments;
    }

    /// Reads what was written since the last time; true when that changed anything.
    boolean refresh() throws IOException {
        if (!Files.isDirectory(segments)) {
            return false;
        }
        boolean changed = false;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(segments, "attempt-*.csv")) {
            for (Path file : files) {
                Matcher name = SEGMENT.matcher(file.getFileName().toString());
                if (name.matches()) {
                    changed |= read(file, Integer.parseInt(name.group(1)));
                }
            }
        }
        return changed;
    }

    private boolean read(Path file, int attempt) throws IOException {
        long from = readBytes.getOrDefault(attempt, 0L);
        boolean changed = false;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            while (channel.size() > from) {
                ByteBuffer content =
                        ByteBuffer.allocate(Math.toIntExact(Math.min(channel.size() - from, MAX_BYTES_A_READ)));
                channel.read(content, from);
                String text = StandardCharsets.US_ASCII.decode(content.flip()).toString();
                int end = text.lastIndexOf('\n') + 1;
                if (end == 0) {
                    break;
                }
                for (String line : text.substring(0, end).split("\n", -1)) {
                    changed |= take(line, attempt);
                }
                from += end;
            }
        }
        readBytes.put(attempt, from);
        return changed;
    }

    private boolean take(String line, int attempt) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches() || !isNumber(matcher.group(2))) {
            return false;
        }
        TreeMap<Integer, String> own = byAttempt.computeIfAbsent(attempt, _ -> new TreeMap<>());
        return !matcher.group(2).equals(own.put(Integer.parseInt(matcher.group(1)), matcher.group(2)));
    }

    private static boolean isNumber(String value) {
        try {
            double _ = Double.parseDouble(value);
            return true;
        } catch (NumberFormatException _) {
            return false;
        }
    }

    /// The losses by step: from an attempt's first step on it counts, and older attempts no more.
    SortedMap<Integer, String> merged() {
        TreeMap<Integer, String> merged = new TreeMap<>();
        for (TreeMap<Integer, String> own : byAttempt.values()) {
            merged.tailMap(own.firstKey(), true).clear();
            merged.putAll(own);
        }
        return merged;
    }

    /// The last step that any attempt recorded a loss of; 0 when none did.
    int lastStep() {
        return byAttempt.values().stream().mapToInt(TreeMap::lastKey).max().orElse(0);
    }

    /// Writes the whole curve, header first.
    void write(Path file) throws IOException {
        StringBuilder text = new StringBuilder("step,loss\n");
        merged().forEach((step, loss) ->
                text.append(step).append(',').append(loss).append('\n'));
        AtomicFiles.replace(file, text.toString());
    }
}
