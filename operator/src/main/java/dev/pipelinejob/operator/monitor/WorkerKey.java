package dev.pipelinejob.operator.monitor;

/// One incarnation of one slot of one job.
///
/// @param jobUid the job's uid
/// @param slot index of the slot, from 0
/// @param incarnation how often the slot was started, from 1
public record WorkerKey(String jobUid, int slot, int incarnation) {
    public WorkerKey {
        if (jobUid.isEmpty() || slot < 0 || incarnation < 1) {
            throw new IllegalArgumentException(
                    "Not a worker: job '" + jobUid + "', slot " + slot + ", incarnation " + incarnation + ".");
        }
    }
}
