package dev.pipelinejob.operator.lifecycle;

import org.jspecify.annotations.Nullable;

/// One thing that a policy found wrong.
///
/// @param cause the reason for the history
/// @param slot the slot at fault; -1 when none is
/// @param remedy what has to be made new
/// @param detail in words
/// @param log the end of the failed process's log
/// @param corruptStep the step whose checkpoint cannot be loaded; 0 = none
/// @param fatal why the job cannot go on at all; null when a restart may help
record Finding(
        Cause cause,
        int slot,
        Remedy remedy,
        String detail,
        String log,
        int corruptStep,
        @Nullable Fatal fatal) {
    static final int NOBODY = -1;

    /// What has to be made new before the next attempt.
    sealed interface Remedy {
        /// Nothing: the process is healthy, or already another.
        record Nothing() implements Remedy {}

        /// The engine process.
        record Engine(int incarnation, long pid) implements Remedy {}

        /// The pod or supervisor process with everything in it.
        record Worker(int incarnation) implements Remedy {}
    }

    /// A failure that no restart mends.
    record Fatal(String reason, String message, boolean userError) {}

    static Finding of(Cause cause, int slot, Remedy remedy, String detail) {
        return new Finding(cause, slot, remedy, detail, "", 0, null);
    }

    Finding withLog(String tail) {
        return new Finding(cause, slot, remedy, detail, tail, corruptStep, fatal);
    }

    Finding withCorruptStep(int step) {
        return new Finding(cause, slot, remedy, detail, log, step, fatal);
    }

    Finding withFatal(@Nullable Fatal because) {
        return new Finding(cause, slot, remedy, detail, log, corruptStep, because);
    }

    /// Whether it counts against the user's restart budget: not when the infrastructure or the user caused it, and not
    /// for a corrupt checkpoint, of which there are only so many.
    boolean charged() {
        return switch (cause) {
            case WORKER_EVICTED, JOB_STOPPED, SUSPENDED, CHECKPOINT_CORRUPT -> false;
            case ENGINE_EXITED,
                    WORKER_EXITED,
                    SLOT_LOST,
                    NOT_READY,
                    PREPARE_TIMED_OUT,
                    PROGRESS_STALLED,
                    STORE_FULL,
                    STORE_ERROR,
                    ATTEMPT_FENCED,
                    EDGE_LOST,
                    WORKER_FAILED -> true;
        };
    }
}
