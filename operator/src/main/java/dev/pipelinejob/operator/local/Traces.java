package dev.pipelinejob.operator.local;

import dev.pipelinejob.operator.planning.Timeline;
import dev.pipelinejob.protocol.control.Trace;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The measured times of one step's operations, of every rank: those of the newest step that all ranks sent.
final class Traces {
    /// Steps of which only some ranks' traces have arrived.
    private static final int MAX_PENDING_STEPS = 8;

    private final TreeMap<Key, Map<Integer, Trace>> byStep = new TreeMap<>();

    private record Key(int attempt, int step) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            return attempt != other.attempt
                    ? Integer.compare(attempt, other.attempt)
                    : Integer.compare(step, other.step);
        }
    }

    void take(Trace trace) {
        byStep.computeIfAbsent(new Key(trace.getAttempt(), trace.getStep()), _ -> new TreeMap<>())
                .put(trace.getRank(), trace);
        while (byStep.size() > MAX_PENDING_STEPS) {
            byStep.pollFirstEntry();
        }
    }

    /// The attempt of the step to show; 0 when no trace came.
    int attempt() {
        return shown().map(entry -> entry.getKey().attempt()).orElse(0);
    }

    int step() {
        return shown().map(entry -> entry.getKey().step()).orElse(0);
    }

    /// Each rank's operations of that step, in the order of ranks.
    List<Timeline.RankTrace> ranks() {
        return shown().stream()
                .flatMap(entry -> entry.getValue().values().stream())
                .map(trace -> new Timeline.RankTrace(
                        trace.getRank(),
                        trace.getStartUnixMicros(),
                        trace.getStartMicrosList(),
                        trace.getEndMicrosList()))
                .toList();
    }

    /// The newest step with the most ranks.
    private Optional<Map.Entry<Key, Map<Integer, Trace>>> shown() {
        int most = byStep.values().stream().mapToInt(Map::size).max().orElse(0);
        return byStep.descendingMap().entrySet().stream()
                .filter(entry -> entry.getValue().size() == most)
                .findFirst();
    }
}
