package dev.pipelinejob.operator.lifecycle;

/// Why a job is held: its workers have written a checkpoint and were let go.
public enum Hold {
    /// It is not.
    NONE("JobResumed", "The job goes on."),
    /// The user wants it.
    SUSPENDED("JobSuspended", "Suspended by spec.suspend."),
    /// What its workers are made from has changed before they had gone: they go first.
    CHANGED("JobChanged", "The job goes on as it was changed as soon as its present workers have gone."),
    /// It is meant for a queue, and nobody here can tell when its turn comes.
    QUEUE_MISSING(
            "QueueIntegrationMissing",
            "The label kueue.x-k8s.io/queue-name puts the job into a queue, which this operator does not support yet:"
                    + " remove the label to let the job run at once.");

    private final String reason;
    private final String sentence;

    Hold(String reason, String sentence) {
        this.reason = reason;
        this.sentence = sentence;
    }

    /// For the condition, in batch/v1's words where it has one.
    public String reason() {
        return reason;
    }

    /// For people.
    public String sentence() {
        return sentence;
    }
}
