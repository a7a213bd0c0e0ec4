package dev.pipelinejob.operator.lifecycle;

/// The job's state in one word, for people.
public enum JobState {
    SUSPENDED("Suspended"),
    SUSPENDING("Suspending"),
    PENDING("Pending"),
    PLANNING("Planning"),
    STARTING("Starting"),
    PREPARING("Preparing"),
    RUNNING("Running"),
    RESTARTING("Restarting"),
    COMPLETE("Complete"),
    FAILED("Failed");

    private final String word;

    JobState(String word) {
        this.word = word;
    }

    /// As it stands in the status.
    public String word() {
        return word;
    }
}
