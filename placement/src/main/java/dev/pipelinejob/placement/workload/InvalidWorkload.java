package dev.pipelinejob.placement.workload;

/// What was given is no workload. The message is one sentence for the person who gave it.
public final class InvalidWorkload extends RuntimeException {
    private static final long serialVersionUID = 1;

    public InvalidWorkload(String sentence) {
        super(sentence);
    }
}
