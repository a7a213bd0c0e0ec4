package dev.pipelinejob.placement.solve;

/// How many stages a plan may have.
public record StageLimits(int min, int max) {
    public StageLimits {
        if (min < 1 || max < min) {
            throw new IllegalArgumentException("Between " + min + " and " + max
                    + " stages were asked for: the least is 1, and max is not below min.");
        }
    }

    /// Any number up to `max`.
    public static StageLimits atMost(int max) {
        return new StageLimits(1, max);
    }

    /// This number and no other.
    public static StageLimits exactly(int count) {
        return new StageLimits(count, count);
    }
}
