package dev.pipelinejob.placement.simulate;

import java.util.Comparator;

/// A directed pair of workers.
public record WorkerPair(int from, int to) implements Comparable<WorkerPair> {
    private static final Comparator<WorkerPair> ORDER =
            Comparator.comparingInt(WorkerPair::from).thenComparingInt(WorkerPair::to);

    @Override
    public int compareTo(WorkerPair other) {
        return ORDER.compare(this, other);
    }
}
