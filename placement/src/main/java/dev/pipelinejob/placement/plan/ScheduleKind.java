package dev.pipelinejob.placement.plan;

import java.util.Arrays;
import java.util.stream.Collectors;

/// The order in which a worker runs forwards and backwards of its micro-batches.
public enum ScheduleKind {
    /// All forwards, then all backwards.
    GPIPE("GPipe"),
    /// As few forwards ahead as keep every stage busy, then one forward and one backward in turn.
    ONE_FORWARD_ONE_BACKWARD("OneForwardOneBackward");

    private final String word;

    ScheduleKind(String word) {
        this.word = word;
    }

    /// The name that users write and workers are told.
    public String word() {
        return word;
    }

    /// The schedule of a name.
    ///
    /// @throws IllegalArgumentException when no schedule has this name
    public static ScheduleKind ofWord(String word) {
        return Arrays.stream(values())
                .filter(kind -> kind.word.equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no schedule " + word + ": choose one of "
                        + Arrays.stream(values()).map(ScheduleKind::word).collect(Collectors.joining(", ")) + "."));
    }

    /// The most micro-batches that a stage holds between their forward and their backward.
    ///
    /// @param stagesToEnd number of stages from this one, included, to the last
    public int maxInFlight(int microBatches, int stagesToEnd) {
        return switch (this) {
            case GPIPE -> microBatches;
            case ONE_FORWARD_ONE_BACKWARD -> Math.min(microBatches, stagesToEnd);
        };
    }
}
