package dev.pipelinejob.operator.reconcile;

import dev.pipelinejob.operator.drive.WorkerNames;
import dev.pipelinejob.operator.monitor.WorkerKey;
import dev.pipelinejob.operator.planning.JobTranslation;
import dev.pipelinejob.protocol.identity.SpiffeId;
import org.jspecify.annotations.Nullable;

/// Workers in pods: the UID of its pod is what a worker proves.
record ClusterWorkerNames(JobTranslation.JobName job, JobTranslation.WorkerPaths paths, OurPods pods)
        implements WorkerNames {
    @Override
    public SpiffeId.@Nullable Worker identity(WorkerKey worker) {
        return pods.identity(worker);
    }
}
