package dev.pipelinejob.placement.simulate;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/// Workers that share cores: while more of them compute than there are cores, all slow down alike.
final class CoreGroup {
    private static final double DONE_MICROS = 1e-6;

    private final int cores;
    private final NavigableMap<Integer, Double> remainingMicros = new TreeMap<>();
    private double updatedAtMicros;
    private long version;

    CoreGroup(int cores) {
        this.cores = cores;
    }

    void start(int rank, double workMicros, double nowMicros) {
        progress(nowMicros);
        remainingMicros.put(rank, workMicros);
        version++;
    }

    /// Changes whenever the next completion changes.
    long version() {
        return version;
    }

    boolean isIdle() {
        return remainingMicros.isEmpty();
    }

    double nextCompletionMicros() {
        double least = remainingMicros.values().stream()
                .mapToDouble(remaining -> remaining)
                .min()
                .orElseThrow();
        return updatedAtMicros + least / rate();
    }

    /// The workers whose work is done now, when this is the next completion.
    List<Integer> complete(double nowMicros) {
        progress(nowMicros);
        List<Integer> done = new ArrayList<>();
        remainingMicros.forEach((rank, remaining) -> {
            if (remaining <= DONE_MICROS) {
                done.add(rank);
            }
        });
        done.forEach(remainingMicros::remove);
        version++;
        return done;
    }

    private void progress(double nowMicros) {
        double done = (nowMicros - updatedAtMicros) * rate();
        remainingMicros.replaceAll((_, remaining) -> remaining - done);
        updatedAtMicros = nowMicros;
    }

    private double rate() {
        return Math.min(1, (double) cores / Math.max(1, remainingMicros.size()));
    }
}
