package dev.pipelinejob.operator.workers;

import dev.pipelinejob.api.WorkerPodNames;
import dev.pipelinejob.api.v1alpha1.Data;
import dev.pipelinejob.api.v1alpha1.PipelineJob;
import dev.pipelinejob.operator.planning.JobTranslation.WorkerPaths;
import java.nio.file.Path;

/// Where a pod finds what the spec names.
public final class ClusterPaths {
    private ClusterPaths() {}

    /// Data and store as the worker's file system sees them. A job has a folder of its own in its claim, which jobs
    /// may share: the UID keeps a job that was deleted and made again from the attempts of the one before.
    public static WorkerPaths of(PipelineJob job) {
        Data.Text text = job.getSpec().data().text();
        Path data = Path.of(WorkerPodNames.DATA_PATH).resolve(text.path()).normalize();
        Path checkpoints = Path.of(WorkerPodNames.CHECKPOINT_PATH)
                .resolve(job.getMetadata().getName() + "-" + job.getMetadata().getUid());
        return new WorkerPaths(data.toString(), checkpoints.toString());
    }
}
