package dev.pipelinejob.api.v1alpha1;

/// The rules of fields that change only while a job holds no workers.
final class AtRest {
    private static final String HELD = "oldSelf.suspend || self.suspend || ";

    static final String PIPELINE = HELD + "self.pipeline == oldSelf.pipeline";
    static final String PLACEMENT = HELD + "self.placement == oldSelf.placement";
    static final String WORKER_POOLS = HELD + "self.workerPools == oldSelf.workerPools";
    static final String EVERY_STEPS = HELD + "self.checkpoint.everySteps == oldSelf.checkpoint.everySteps";
    static final String STORE = HELD + "(has(self.checkpoint.store) ? has(oldSelf.checkpoint.store) &&"
            + " self.checkpoint.store == oldSelf.checkpoint.store : !has(oldSelf.checkpoint.store))";

    static final String MESSAGE =
            "can change only while the job is suspended: set spec.suspend to true with the change, and to false again"
                    + " when the job is to go on";

    private AtRest() {}
}
