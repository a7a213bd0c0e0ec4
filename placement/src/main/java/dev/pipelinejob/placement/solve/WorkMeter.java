package dev.pipelinejob.placement.solve;

/// Counts the work of one search and says when its limit is reached.
final class WorkMeter {
    private static final long CLOCK_EVERY = 1 << 16;

    private final SearchLimit limit;
    private long work;
    private long nextLook;
    private boolean exhausted;

    WorkMeter(SearchLimit limit) {
        this.limit = limit;
    }

    void spend(long units) {
        work += units;
        if (work >= nextLook || work >= limit.maxWork()) {
            nextLook = work + CLOCK_EVERY;
            exhausted |= limit.isReached(work);
        }
    }

    boolean isExhausted() {
        return exhausted;
    }

    long work() {
        return work;
    }
}
