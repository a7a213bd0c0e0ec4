package dev.pipelinejob.api;

/// The labels of every pod and ConfigMap of a job.
public final class WorkerLabels {
    /// What all labels of ours begin with.
    public static final String PREFIX = ApiNames.GROUP + "/";
    /// The job's name.
    public static final String JOB_NAME = PREFIX + "job-name";
    /// The job's UID: a job that was deleted and made again is another one.
    public static final String JOB_UID = PREFIX + "job-uid";
    /// The slot's number, on pods.
    public static final String SLOT = PREFIX + "slot";
    /// The n-th pod of its slot, on pods.
    public static final String INCARNATION = PREFIX + "incarnation";
    /// The attempt's number, on the ConfigMap that claims it.
    public static final String ATTEMPT = PREFIX + "attempt";
    /// Whose it is.
    public static final String MANAGED_BY = "app.kubernetes.io/managed-by";
    /// Ours.
    public static final String MANAGER = "pipelinejob";

    private WorkerLabels() {}
}
