package dev.pipelinejob.operator.lifecycle;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A full store: worth trying again, since somebody may make room, but not for ever from the same step.
final class StorePolicy {
    /// So many restarts in a row from the same step because the store was full, and the next one fails the job.
    static final int MAX_FULL_IN_A_ROW = 2;

    private StorePolicy() {}

    static Finding.@Nullable Fatal fatal(String job, Journal journal, ClaimedAttempt attempt, String detail) {
        List<Restart> history = journal.history();
        int inARow = 0;
        for (int i = history.size() - 1; i >= 0; i--) {
            Restart restart = history.get(i);
            if (restart.cause() != Cause.STORE_FULL || restart.resumedStep() != attempt.resumeStep()) {
                break;
            }
            inARow++;
        }
        if (inARow < MAX_FULL_IN_A_ROW) {
            return null;
        }
        String message =
                "The checkpoint store of job %s has been full %d times in a row since step %d: %s Free some space or lower spec.checkpoint.keepLast; nothing up to that step is lost."
                        .formatted(job, inARow + 1, attempt.resumeStep(), detail);
        return new Finding.Fatal("StoreFull", message, false);
    }
}
