package dev.pipelinejob.worker.telemetry;

/// Which steps of an attempt are worth a message of their own. Steps count from 1 with the attempt's first: the
/// first one is always slow, and the first few are what the next plan waits for.
public final class Sampling {
    private static final int FIRST_MEASURED = 2;
    private static final int LAST_OF_FIRST_MEAN = 6;
    private static final int FIRST_TRACED = 4;
    private static final int PERIOD = 50;

    private Sampling() {}

    /// Whether the step's durations go into the means.
    public static boolean measures(int stepOfAttempt) {
        return stepOfAttempt >= FIRST_MEASURED;
    }

    /// Whether the means are reported after the step.
    public static boolean reportsCosts(int stepOfAttempt) {
        return stepOfAttempt == LAST_OF_FIRST_MEAN || isPeriodic(stepOfAttempt);
    }

    /// Whether the step's operations are reported one by one.
    public static boolean traces(int stepOfAttempt) {
        return (stepOfAttempt >= FIRST_TRACED && stepOfAttempt <= LAST_OF_FIRST_MEAN) || isPeriodic(stepOfAttempt);
    }

    private static boolean isPeriodic(int stepOfAttempt) {
        return stepOfAttempt > 0 && stepOfAttempt % PERIOD == 0;
    }
}
