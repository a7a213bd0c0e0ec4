package dev.pipelinejob.operator.apply;

import dev.pipelinejob.api.v1alpha1.PipelineJob;
import dev.pipelinejob.api.v1alpha1.PipelineJobStatus;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import org.jspecify.annotations.Nullable;

/// Writes the status of one job. Each write carries the version that it was made from, so that whoever was overtaken
/// finds out.
public final class StatusWriter {
    private static final PatchContext APPLY = new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager(FieldManagers.STATUS)
            .withForce(true)
            .build();

    private final KubernetesClient client;
    private @Nullable PipelineJobStatus written;
    private @Nullable String version;

    /// @param job as it was read first
    public StatusWriter(KubernetesClient client, PipelineJob job) {
        this.client = client;
        this.written = job.getStatus();
    }

    /// What became of a write.
    public enum Outcome {
        /// It stands.
        WRITTEN,
        /// The job is gone.
        GONE,
        /// Another operator writes this status.
        OVERTAKEN
    }

    /// Writes.
    ///
    /// @param job as the cache has it
    public Outcome write(PipelineJob job, PipelineJobStatus status) {
        String from = version == null ? job.getMetadata().getResourceVersion() : version;
        if (apply(job, status, from)) {
            return Outcome.WRITTEN;
        }
        PipelineJob now = client.resource(job).get();
        if (now == null || !now.getMetadata().getUid().equals(job.getMetadata().getUid())) {
            return Outcome.GONE;
        }
        boolean ours = now.getStatus() == null || now.getStatus().equals(written);
        return ours && apply(job, status, now.getMetadata().getResourceVersion()) ? Outcome.WRITTEN : Outcome.OVERTAKEN;
    }

    private boolean apply(PipelineJob job, PipelineJobStatus status, String from) {
        PipelineJob fresh = new PipelineJob();
        fresh.setMetadata(new ObjectMetaBuilder()
                .withNamespace(job.getMetadata().getNamespace())
                .withName(job.getMetadata().getName())
                .withResourceVersion(from)
                .build());
        fresh.setStatus(status);
        try {
            PipelineJob after = client.resource(fresh).subresource("status").patch(APPLY);
            written = status;
            version = after.getMetadata().getResourceVersion();
            return true;
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_CONFLICT || e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }
}
