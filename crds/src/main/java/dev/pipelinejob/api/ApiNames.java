package dev.pipelinejob.api;

/// The API's group and versions.
public final class ApiNames {
    /// The API group of every resource of ours.
    public static final String GROUP = "pipelinejob.dev";
    /// The first version; it may still change between releases.
    public static final String V1ALPHA1 = "v1alpha1";
    /// The category under which `kubectl get training` lists jobs.
    public static final String CATEGORY = "training";
    /// The controller that jobs belong to unless they say otherwise.
    public static final String CONTROLLER = GROUP + "/controller";

    /// The label by which Kueue's users put a job into a queue.
    public static final String QUEUE_LABEL = "kueue.x-k8s.io/queue-name";

    private ApiNames() {}
}
