package dev.pipelinejob.operator.reconcile;

import dev.pipelinejob.api.WorkerLabels;
import dev.pipelinejob.operator.monitor.Membership;
import dev.pipelinejob.operator.monitor.WorkerKey;
import dev.pipelinejob.operator.observe.PodPresence;
import dev.pipelinejob.protocol.identity.SpiffeId;
import io.fabric8.kubernetes.api.model.Pod;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The workers' pods as they were last seen, found by job and by UID.
public final class OurPods implements Membership {
    private static final String BY_JOB = "by-job";
    private static final String BY_SLOT = "by-slot";
    private static final String BY_UID = "by-uid";

    private volatile @Nullable InformerEventSource<Pod, ?> cache;

    /// Takes the cache that is to be looked into, before it is filled.
    void open(InformerEventSource<Pod, ?> pods) {
        pods.addIndexers(Map.of(
                BY_JOB,
                pod -> List.of(jobUid(pod)),
                BY_SLOT,
                pod -> List.of(slotKey(jobUid(pod), PodPresence.slot(pod))),
                BY_UID,
                pod -> List.of(pod.getMetadata().getUid())));
        cache = pods;
    }

    private static String jobUid(Pod pod) {
        Map<String, String> labels = pod.getMetadata().getLabels();
        return labels == null ? "" : labels.getOrDefault(WorkerLabels.JOB_UID, "");
    }

    private static String slotKey(String jobUid, int slot) {
        return jobUid + "/" + slot;
    }

    /// All pods of a job.
    List<Pod> of(String jobUid) {
        return find(BY_JOB, jobUid);
    }

    /// All pods of a slot of a job.
    List<Pod> of(String jobUid, int slot) {
        return find(BY_SLOT, slotKey(jobUid, slot));
    }

    /// Nothing is found before the cache is filled: whoever calls by then calls again.
    private List<Pod> find(String index, String key) {
        InformerEventSource<Pod, ?> pods = cache;
        return pods == null || !pods.isRunning() ? List.of() : pods.byIndex(index, key);
    }

    @Override
    public @Nullable WorkerKey workerOf(SpiffeId.Worker identity) {
        return find(BY_UID, identity.podUid()).stream()
                .filter(pod -> pod.getMetadata().getNamespace().equals(identity.namespace())
                        && jobUid(pod).equals(identity.jobUid())
                        && PodPresence.slot(pod) >= 0
                        && PodPresence.incarnation(pod) > 0)
                .map(pod -> new WorkerKey(identity.jobUid(), PodPresence.slot(pod), PodPresence.incarnation(pod)))
                .findFirst()
                .orElse(null);
    }

    /// What the pod of a worker proves itself with; null when it is not there.
    SpiffeId.@Nullable Worker identity(WorkerKey worker) {
        return of(worker.jobUid(), worker.slot()).stream()
                .filter(pod -> PodPresence.incarnation(pod) == worker.incarnation())
                .map(pod -> new SpiffeId.Worker(
                        pod.getMetadata().getNamespace(),
                        worker.jobUid(),
                        pod.getMetadata().getUid()))
                .findFirst()
                .orElse(null);
    }
}
