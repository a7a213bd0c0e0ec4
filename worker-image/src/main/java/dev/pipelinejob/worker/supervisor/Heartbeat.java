package dev.pipelinejob.worker.supervisor;

import java.time.Duration;

/// Whether a process on the same machine answers: at most one question is open, so that one that never reads is never
/// flooded. One thread uses it.
final class Heartbeat {
    private static final long EVERY_NANOS = Duration.ofSeconds(1).toNanos();
    /// Longer than a garbage collection or a starved second, and shorter than peers wait for an answer on their edges.
    private static final long PATIENCE_NANOS = Duration.ofSeconds(4).toNanos();

    private final Runnable question;
    private boolean open;
    private long askedNanos;
    private boolean hasAsked;
    private boolean silent;

    Heartbeat(Runnable question) {
        this.question = question;
    }

    /// Asks if it is time to.
    ///
    /// @return whether it has become silent or has answered again since the last call
    boolean isChangedAt(long nowNanos) {
        if (!open && (!hasAsked || nowNanos - askedNanos >= EVERY_NANOS)) {
            hasAsked = true;
            open = true;
            askedNanos = nowNanos;
            question.run();
        }
        boolean before = silent;
        silent = open && nowNanos - askedNanos >= PATIENCE_NANOS;
        return silent != before;
    }

    void answered() {
        open = false;
    }

    boolean isSilent() {
        return silent;
    }
}
