package dev.pipelinejob.api;

/// What in a worker's pod is the operator's, by name; the rules for templates and the builder of pods agree on it.
public final class WorkerPodNames {
    /// The container that the worker runs in.
    public static final String CONTAINER = "worker";
    /// What the operator's volumes begin with.
    public static final String VOLUME_PREFIX = "pipelinejob-";

    /// Where the data lies, read-only.
    public static final String DATA_PATH = "/data";
    /// Where the store lies.
    public static final String CHECKPOINT_PATH = "/checkpoints";
    /// The only other place that a worker writes to.
    public static final String TEMPORARY_PATH = "/tmp";
    /// Where the token lies with which a worker enrols.
    public static final String IDENTITY_PATH = "/var/run/secrets/pipelinejob.dev";

    /// Host and port of the operator.
    public static final String OPERATOR_ADDRESS = "PIPELINEJOB_OPERATOR_ADDRESS";
    /// The CAs that the operator is signed by, PEM.
    public static final String TRUST_BUNDLE = "PIPELINEJOB_TRUST_BUNDLE";
    /// The job's namespace.
    public static final String NAMESPACE = "PIPELINEJOB_NAMESPACE";
    /// The job's UID.
    public static final String JOB_UID = "PIPELINEJOB_JOB_UID";
    /// The slot's number.
    public static final String SLOT = "PIPELINEJOB_SLOT";
    /// The n-th pod of the slot.
    public static final String INCARNATION = "PIPELINEJOB_INCARNATION";
    /// The pod's name, for logs.
    public static final String POD_NAME = "PIPELINEJOB_POD_NAME";
    /// The node's name, for logs.
    public static final String NODE_NAME = "PIPELINEJOB_NODE_NAME";
    /// Where the token file lies.
    public static final String TOKEN_FILE = "PIPELINEJOB_TOKEN_FILE";
    /// The job's own folder in the store.
    public static final String CHECKPOINT_DIRECTORY = "PIPELINEJOB_CHECKPOINT_DIRECTORY";
    /// Where engines log to.
    public static final String LOG_DIRECTORY = "PIPELINEJOB_LOG_DIRECTORY";
    /// Where digests of data are remembered.
    public static final String CACHE_DIRECTORY = "PIPELINEJOB_CACHE_DIRECTORY";
    /// The address at which other workers reach this one.
    public static final String TENSOR_HOST = "PIPELINEJOB_TENSOR_HOST";
    /// Where the last words of the pod are left for its status.
    public static final String TERMINATION_FILE = "PIPELINEJOB_TERMINATION_FILE";
    /// How long a worker that is asked to end may train on, until the last checkpoint is written.
    public static final String DRAIN_SECONDS = "PIPELINEJOB_DRAIN_SECONDS";

    /// All variables above, for a rule in CEL.
    public static final String ENVIRONMENT_CEL = "['" + OPERATOR_ADDRESS + "', '" + TRUST_BUNDLE + "', '" + NAMESPACE
            + "', '" + JOB_UID + "', '" + SLOT + "', '" + INCARNATION + "', '" + POD_NAME + "', '" + NODE_NAME + "', '"
            + TOKEN_FILE + "', '" + CHECKPOINT_DIRECTORY + "', '" + LOG_DIRECTORY + "', '" + CACHE_DIRECTORY + "', '"
            + TENSOR_HOST + "', '" + TERMINATION_FILE + "', '" + DRAIN_SECONDS + "']";
    /// All paths above, for a rule in CEL.
    public static final String PATHS_CEL =
            "['" + DATA_PATH + "', '" + CHECKPOINT_PATH + "', '" + TEMPORARY_PATH + "', '" + IDENTITY_PATH + "']";

    private WorkerPodNames() {}
}
