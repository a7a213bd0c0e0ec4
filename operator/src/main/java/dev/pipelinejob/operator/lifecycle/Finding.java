package dev.pipelinejob.operator.lifecycle;

import org.jspecify.annotations.Nullable;

/// One thing that a policy found wrong.
///
/// @param cause the reason for the history
/// @param slot the slot at fault; -1 when none is
/// @param node the node to blame; {@link Presence#NO_NODE} when none is
/// @param remedy what has to be made new
/// @param detail in words
/// @param log the end of the failed process's log
/// @param corruptStep the step whose checkpoint cannot be loaded; 0 = none
/// @param exit how the failed process ended; null when none did, or nobody saw it
/// @param charged whether it counts against the user's restart budget
/// @param fatal why the job cannot go on at all; null when a restart may help
record Finding(
        Cause cause,
        int slot,
        String node,
        Remedy remedy,
        String detail,
        String log,
        int corruptStep,
        @Nullable ExitStatus exit,
        boolean charged,
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
        return new Finding(cause, slot, Presence.NO_NODE, remedy, detail, "", 0, null, charges(cause), null);
    }

    /// The same, and the node is to blame: that counts against nobody's budget.
    Finding onNode(String name) {
        return new Finding(
                cause,
                slot,
                name,
                remedy,
                detail,
                log,
                corruptStep,
                exit,
                charged && name.equals(Presence.NO_NODE),
                fatal);
    }

    Finding withLog(String tail) {
        return new Finding(cause, slot, node, remedy, detail, tail, corruptStep, exit, charged, fatal);
    }

    Finding withExit(int code, int signal) {
        return new Finding(
                cause, slot, node, remedy, detail, log, corruptStep, ExitStatus.of(code, signal), charged, fatal);
    }

    Finding withCorruptStep(int step) {
        return new Finding(cause, slot, node, remedy, detail, log, step, exit, charged, fatal);
    }

    Finding withCharged(boolean counts) {
        return new Finding(cause, slot, node, remedy, detail, log, corruptStep, exit, counts, fatal);
    }

    Finding withFatal(@Nullable Fatal because) {
        return new Finding(cause, slot, node, remedy, detail, log, corruptStep, exit, charged, because);
    }

    /// Not when the infrastructure or the user caused it, and not for a corrupt checkpoint, of which there are only
    /// so many.
    private static boolean charges(Cause cause) {
        return switch (cause) {
            case NODE_LOST, WORKER_EVICTED, UNSCHEDULABLE, JOB_STOPPED, SUSPENDED, CHECKPOINT_CORRUPT -> false;
            case OUT_OF_MEMORY,
                    ENGINE_EXITED,
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
