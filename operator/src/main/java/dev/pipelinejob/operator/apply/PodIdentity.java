package dev.pipelinejob.operator.apply;

import dev.pipelinejob.api.ApiNames;
import dev.pipelinejob.api.WorkerLabels;
import dev.pipelinejob.operator.identity.TokenVerdict;
import dev.pipelinejob.protocol.identity.SpiffeId;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Whom a pod may be: a worker of the job that owns it, while it lives.
final class PodIdentity {
    private static final Set<String> ENDED = Set.of("Succeeded", "Failed");

    private PodIdentity() {}

    /// The verdict on a token that is bound to this pod.
    ///
    /// @param pod what the API server has under that name now
    /// @param uid what the token is bound to; the pod of that name may be another one by now
    static TokenVerdict of(@Nullable Pod pod, String namespace, String name, String uid) {
        String what = "Pod " + namespace + "/" + name;
        if (pod == null || !uid.equals(pod.getMetadata().getUid())) {
            return new TokenVerdict.Refused(what + " with the UID " + uid + " is gone.");
        }
        String phase = pod.getStatus() == null
                ? ""
                : Objects.requireNonNullElse(pod.getStatus().getPhase(), "");
        if (ENDED.contains(phase)) {
            return new TokenVerdict.Refused(what + " has ended.");
        }
        Map<String, String> labels =
                Objects.requireNonNullElse(pod.getMetadata().getLabels(), Map.of());
        return pod.getMetadata().getOwnerReferences().stream()
                .filter(PodIdentity::isJob)
                .filter(owner -> owner.getUid().equals(labels.get(WorkerLabels.JOB_UID)))
                .findFirst()
                .<TokenVerdict>map(
                        owner -> new TokenVerdict.Accepted(new SpiffeId.Worker(namespace, owner.getUid(), uid)))
                .orElseGet(() -> new TokenVerdict.Refused(what + " is no worker of a PipelineJob."));
    }

    private static boolean isJob(OwnerReference owner) {
        return Boolean.TRUE.equals(owner.getController())
                && "PipelineJob".equals(owner.getKind())
                && owner.getApiVersion().startsWith(ApiNames.GROUP + "/");
    }
}
