package dev.pipelinejob.worker.runtime;

import dev.pipelinejob.protocol.control.AttemptFailed;

/// The attempt cannot go on, for a reason that is not the channel's.
final class AttemptStopped extends Exception {
    private static final long serialVersionUID = 1L;
    private final AttemptFailed.Reason reason;

    AttemptStopped(AttemptFailed.Reason reason, String sentence) {
        super(sentence);
        this.reason = reason;
    }

    AttemptFailed.Reason reason() {
        return reason;
    }
}
