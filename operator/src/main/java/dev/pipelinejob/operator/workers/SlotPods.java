package dev.pipelinejob.operator.workers;

import dev.pipelinejob.api.ApiNames;
import dev.pipelinejob.api.WorkerLabels;
import dev.pipelinejob.api.v1alpha1.PipelineJob;
import dev.pipelinejob.api.v1alpha1.WorkerPool;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/// The pods of one job: what the operator gives them, merged with the pool's template.
public final class SlotPods {
    private final PipelineJob job;
    private final PodSettings settings;
    private final WorkerPool pool;

    public SlotPods(PipelineJob job, PodSettings settings) {
        this.job = job;
        this.settings = settings;
        this.pool = job.getSpec().workerPools().getFirst();
    }

    /// The name of a slot's n-th pod.
    public static String name(String jobName, int slot, int incarnation) {
        return jobName + "-" + slot + "-" + incarnation;
    }

    /// The pod of a slot's incarnation, for one node, which the scheduler confirms.
    public Pod pod(int slot, int incarnation, String node) {
        ObjectMeta metadata = job.getMetadata();
        Pod pod = new Pod();
        pod.setMetadata(new ObjectMetaBuilder()
                .withName(name(metadata.getName(), slot, incarnation))
                .withNamespace(metadata.getNamespace())
                .withLabels(labels(slot, incarnation))
                .withAnnotations(annotations())
                .withOwnerReferences(owner(job))
                .build());
        // Set, not built: a builder would copy the whole spec once more, for each of a thousand pods.
        PodSpec spec = spec(slot, incarnation);
        spec.setAffinity(NodePin.affinity(templateSpec().getAffinity(), node));
        pod.setSpec(spec);
        return pod;
    }

    /// What any pod of the job asks of a node, bound to none.
    public PodSpec unpinned() {
        return spec(0, 1);
    }

    private PodSpec spec(int slot, int incarnation) {
        return new WorkerPodSpec(job, pool, settings, templateSpec()).build(slot, incarnation);
    }

    private PodSpec templateSpec() {
        PodTemplateSpec template = pool.template();
        return template == null || template.getSpec() == null ? new PodSpec() : template.getSpec();
    }

    private Map<String, String> labels(int slot, int incarnation) {
        Map<String, String> labels = new LinkedHashMap<>();
        PodTemplateSpec template = pool.template();
        if (template != null
                && template.getMetadata() != null
                && template.getMetadata().getLabels() != null) {
            labels.putAll(template.getMetadata().getLabels());
        }
        labels.putAll(ofJob(job));
        labels.put(WorkerLabels.SLOT, Integer.toString(slot));
        labels.put(WorkerLabels.INCARNATION, Integer.toString(incarnation));
        return labels;
    }

    private Map<String, String> annotations() {
        PodTemplateSpec template = pool.template();
        return template == null || template.getMetadata() == null
                ? Map.of()
                : Objects.requireNonNullElse(template.getMetadata().getAnnotations(), Map.of());
    }

    /// The labels by which everything of a job is found.
    static Map<String, String> ofJob(PipelineJob job) {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put(WorkerLabels.MANAGED_BY, WorkerLabels.MANAGER);
        labels.put(WorkerLabels.JOB_NAME, job.getMetadata().getName());
        labels.put(WorkerLabels.JOB_UID, job.getMetadata().getUid());
        return labels;
    }

    /// What makes the garbage collector remove a job's children with it.
    static OwnerReference owner(PipelineJob job) {
        return new OwnerReferenceBuilder()
                .withApiVersion(ApiNames.GROUP + "/" + ApiNames.V1ALPHA1)
                .withKind("PipelineJob")
                .withName(job.getMetadata().getName())
                .withUid(job.getMetadata().getUid())
                .withController(true)
                .withBlockOwnerDeletion(true)
                .build();
    }
}
