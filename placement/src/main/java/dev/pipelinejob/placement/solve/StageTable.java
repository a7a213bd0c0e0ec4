package dev.pipelinejob.placement.solve;

import java.util.Arrays;

/// The least value of the chain from each position to a fixed end, in each number of stages; infinite where there is
/// none. It holds only numbers of stages that matter: no more than there are pieces, and no fewer than what is needed
/// to reach a wanted number with the rest of the chain.
final class StageTable {
    private final int end;
    private final int capacity;
    private final int slack;
    private final int first;
    private final int[] offsets;
    private final double[] values;

    /// @param capacity the most stages
    /// @param slack how many fewer stages than pieces there may be
    StageTable(int end, int capacity, int slack) {
        this.end = end;
        this.capacity = capacity;
        this.slack = slack;
        this.first = Math.max(0, end - capacity - slack);
        this.offsets = new int[end - first + 2];
        for (int from = first; from <= end; from++) {
            offsets[from - first + 1] = offsets[from - first] + Math.max(0, most(from) - least(from) + 1);
        }
        this.values = new double[offsets[end - first + 1]];
        Arrays.fill(values, Double.POSITIVE_INFINITY);
    }

    private StageTable(StageTable other) {
        this.end = other.end;
        this.capacity = other.capacity;
        this.slack = other.slack;
        this.first = other.first;
        this.offsets = other.offsets;
        this.values = other.values.clone();
    }

    StageTable copy() {
        return new StageTable(this);
    }

    /// The first position that has values.
    int first() {
        return first;
    }

    /// The least number of stages from a position on that matters.
    int least(int from) {
        return Math.max(0, end - from - slack);
    }

    int most(int from) {
        return Math.min(capacity, end - from);
    }

    double at(int from, int stages) {
        return from < first || stages < least(from) || stages > most(from)
                ? Double.POSITIVE_INFINITY
                : values[index(from, stages)];
    }

    /// Only for a number of stages that matters.
    void set(int from, int stages, double value) {
        values[index(from, stages)] = value;
    }

    /// Only for a number of stages that matters.
    void lower(int from, int stages, double value) {
        int index = index(from, stages);
        values[index] = Math.min(values[index], value);
    }

    private int index(int from, int stages) {
        return offsets[from - first] + stages - least(from);
    }
}
