package dev.pipelinejob.api.v1alpha1;

/// The rules of fields that change only while a job has no workers: before its first attempt, and while it is held.
/// Rules of the whole job, because they look into its status; where that lags behind, the operator lets workers go
/// before it follows a change.
final class AtRest {
    private static final String FREE = "oldSelf.spec.suspend || self.spec.suspend || !has(oldSelf.status)"
            + " || !has(oldSelf.status.attempt) || ";
    private static final String CHECKPOINT = "self.spec.checkpoint";
    private static final String OLD_CHECKPOINT = "oldSelf.spec.checkpoint";

    static final String PIPELINE = FREE + "self.spec.pipeline == oldSelf.spec.pipeline";
    static final String PLACEMENT = FREE + "self.spec.placement == oldSelf.spec.placement";
    static final String WORKER_POOLS = FREE + "self.spec.workerPools == oldSelf.spec.workerPools";
    static final String EVERY_STEPS = FREE + CHECKPOINT + ".everySteps == " + OLD_CHECKPOINT + ".everySteps";
    static final String STORE = FREE + "(has(" + CHECKPOINT + ".store) ? has(" + OLD_CHECKPOINT + ".store) && "
            + CHECKPOINT + ".store == " + OLD_CHECKPOINT + ".store : !has(" + OLD_CHECKPOINT + ".store))";

    static final String MESSAGE =
            "can change only before the job's first attempt and while the job is suspended: set spec.suspend to true"
                    + " with the change, and to false again when the job is to go on";

    private AtRest() {}
}
