package dev.pipelinejob.operator.reconcile;

import dev.pipelinejob.api.v1alpha1.PipelineJob;
import dev.pipelinejob.api.v1alpha1.Volume;
import dev.pipelinejob.operator.workers.ClusterNeeds;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import org.jspecify.annotations.Nullable;

/// What the volumes that a job names allow. Claims are asked for when a plan is there, and never watched.
final class JobClaims {
    private final KubernetesClient client;
    private final String namespace;
    private final @Nullable Volume store;
    private final @Nullable String refusal;

    JobClaims(KubernetesClient client, PipelineJob job) {
        this.client = client;
        this.namespace = job.getMetadata().getNamespace();
        this.store = job.getSpec().checkpoint().store();
        this.refusal = ClusterNeeds.refusal(job.getSpec());
    }

    /// Why the job cannot run on any cluster, in one sentence, or null when it can.
    @Nullable
    String refusal() {
        return refusal;
    }

    /// Why so many workers on so many nodes cannot use the store, in one sentence, or null when they can. A claim that
    /// is not there yet is the scheduler's to wait for.
    @Nullable
    String objection(int workers, int nodes) {
        Volume used = store;
        if (used == null) {
            return null;
        }
        String name = used.persistentVolumeClaim().claimName();
        try {
            PersistentVolumeClaim claim = client.persistentVolumeClaims()
                    .inNamespace(namespace)
                    .withName(name)
                    .get();
            return claim == null || claim.getSpec() == null
                    ? null
                    : ClusterNeeds.storeRefusal(used, claim.getSpec().getAccessModes(), workers, nodes);
        } catch (KubernetesClientException e) {
            return "The claim %s could not be looked at, and is looked at again soon: %s"
                    .formatted(name, e.getMessage());
        }
    }
}
