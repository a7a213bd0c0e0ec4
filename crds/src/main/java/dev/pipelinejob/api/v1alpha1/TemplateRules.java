package dev.pipelinejob.api.v1alpha1;

import dev.pipelinejob.api.WorkerLabels;
import dev.pipelinejob.api.WorkerPodNames;

/// What a pool's template may not say, because the operator says it: rules over a {@link WorkerPool}.
final class TemplateRules {
    private static final String SPEC = "!has(self.template) || !has(self.template.spec) || ";
    private static final String CONTAINERS = SPEC + "!has(self.template.spec.containers) || ";
    /// Not by a filter: the API server loses the bounds of lists inside what a filter gives, and with them the cost.
    private static final String EACH_WORKER =
            "self.template.spec.containers.all(c, c.name != '" + WorkerPodNames.CONTAINER + "' || ";
    private static final String CONTAINER = "container " + WorkerPodNames.CONTAINER + " ";

    static final String NO_RESTART_POLICY = SPEC + "!has(self.template.spec.restartPolicy)";
    static final String NO_RESTART_POLICY_MESSAGE =
            "is Never, because workers are replaced by their next incarnation: remove it";

    static final String NO_NODE_NAME = SPEC + "!has(self.template.spec.nodeName)";
    static final String NO_NODE_NAME_MESSAGE =
            "is for the scheduler to set: remove it, and choose nodes by nodeSelector or affinity";

    static final String NO_GRACE_PERIOD = SPEC + "!has(self.template.spec.terminationGracePeriodSeconds)";
    static final String NO_GRACE_PERIOD_MESSAGE = "follows from the time that a last checkpoint may take: remove it";

    private static final String FOREIGN =
            "(key, !key.startsWith('" + WorkerLabels.PREFIX + "') && key != '" + WorkerLabels.MANAGED_BY + "')";
    static final String OWN_LABELS = "!has(self.template) || !has(self.template.metadata) || ("
            + "(!has(self.template.metadata.labels) || self.template.metadata.labels.all" + FOREIGN + ") && "
            + "(!has(self.template.metadata.annotations) || self.template.metadata.annotations.all" + FOREIGN + "))";
    static final String OWN_LABELS_MESSAGE = "has a label or annotation that begins with " + WorkerLabels.PREFIX
            + " or is " + WorkerLabels.MANAGED_BY + ", which the operator sets: remove it";

    static final String OWN_VOLUMES = SPEC + "!has(self.template.spec.volumes) || "
            + "self.template.spec.volumes.all(v, !v.name.startsWith('" + WorkerPodNames.VOLUME_PREFIX + "'))";
    static final String OWN_VOLUMES_MESSAGE = "has a volume whose name begins with " + WorkerPodNames.VOLUME_PREFIX
            + ", as the operator's do: give it another name";

    static final String NO_COMMAND = CONTAINERS + EACH_WORKER + "!has(c.command) && !has(c.args))";
    static final String NO_COMMAND_MESSAGE = "must not have command or args in the " + CONTAINER
            + "because the operator starts it: remove them, or add a container of your own";

    static final String NO_IMAGE = CONTAINERS + EACH_WORKER + "!has(c.image))";
    static final String NO_IMAGE_MESSAGE = "must not have image in the " + CONTAINER
            + "because the pool's image says it: move it to spec.workerPools[].image";

    static final String OWN_ENVIRONMENT = CONTAINERS + EACH_WORKER + "!has(c.env) || !c.env.exists(e, e.name in "
            + WorkerPodNames.ENVIRONMENT_CEL + "))";
    static final String OWN_ENVIRONMENT_MESSAGE =
            "must not set a variable of the operator's, such as " + WorkerPodNames.SLOT + ", in the " + CONTAINER
                    + "(all are in the reference of the pod template): remove it";

    static final String OWN_MOUNTS = CONTAINERS + EACH_WORKER
            + "!has(c.volumeMounts) || !c.volumeMounts.exists(m, m.mountPath in " + WorkerPodNames.PATHS_CEL + "))";
    static final String OWN_MOUNTS_MESSAGE = "must not mount anything at " + WorkerPodNames.DATA_PATH + ", "
            + WorkerPodNames.CHECKPOINT_PATH + ", " + WorkerPodNames.TEMPORARY_PATH + " or "
            + WorkerPodNames.IDENTITY_PATH + " in the " + CONTAINER
            + "because the operator does: choose another path";

    static final String OWN_ACCELERATOR = "!has(self.accelerator) || " + CONTAINERS + EACH_WORKER
            + "!has(c.resources) || ("
            + "(!has(c.resources.limits) || !(self.accelerator.resource in c.resources.limits)) && "
            + "(!has(c.resources.requests) || !(self.accelerator.resource in c.resources.requests))))";
    static final String OWN_ACCELERATOR_MESSAGE = "'must not ask for ' + self.accelerator.resource + ' in the "
            + CONTAINER + "because the accelerator says it: remove it, and set accelerator.count'";

    private TemplateRules() {}
}
