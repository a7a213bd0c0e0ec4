package dev.pipelinejob.operator.local;

import dev.pipelinejob.protocol.control.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/// The measured times of one step's operations, of every rank: those of the newest step that all ranks sent.
final class Traces {
    /// Steps of which only some ranks' traces have arrived.
    private static final int MAX_PENDING_STEPS = 8;

    private final TreeMap<Key, TreeMap<Integer, Trace>> byStep = new TreeMap<>();

    private record Key(int attempt, int step) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            return attempt != other.attempt
                    ? Integer.compare(attempt, other.attempt)
                    : Integer.compare(step, other.step);
        }
    }

    /// One rank's operations in list order: start and end in microseconds since `startUnixMicros`.
    record Measured(
            int attempt, int step, int rank, long startUnixMicros, List<Long> startMicros, List<Long> endMicros) {}

    void take(Trace trace) {
        byStep.computeIfAbsent(new Key(trace.getAttempt(), trace.getStep()), _ -> new TreeMap<>())
                .put(trace.getRank(), trace);
        while (byStep.size() > MAX_PENDING_STEPS) {
            byStep.pollFirstEntry();
        }
    }

    /// The newest step with the most ranks, in the order of ranks; empty when no trace came.
    List<Measured> newest() {
        int most = byStep.values().stream().mapToInt(TreeMap::size).max().orElse(0);
        List<Measured> newest = new ArrayList<>();
        byStep.descendingMap().values().stream()
                .filter(ranks -> ranks.size() == most)
                .findFirst()
                .ifPresent(ranks -> ranks.values().forEach(trace -> newest.add(measured(trace))));
        return newest;
    }

    private static Measured measured(Trace trace) {
        return new Measured(
                trace.getAttempt(),
                trace.getStep(),
                trace.getRank(),
                trace.getStartUnixMicros(),
                trace.getStartMicrosList(),
                trace.getEndMicrosList());
    }

    void write(Path file) throws IOException {
        if (!byStep.isEmpty()) {
            JsonFiles.replace(file, newest());
        }
    }
}
