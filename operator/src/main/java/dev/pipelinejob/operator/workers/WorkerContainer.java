package dev.pipelinejob.operator.workers;

import dev.pipelinejob.api.WorkerPodNames;
import dev.pipelinejob.api.v1alpha1.PipelineJob;
import dev.pipelinejob.api.v1alpha1.WorkerPool;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The container `worker`: what the operator says of it, and what the user says besides.
final class WorkerContainer {
    /// What an end takes after the last checkpoint: the processes' own ends.
    static final long END_SECONDS = 10;

    private static final String LOGS = WorkerPodNames.TEMPORARY_PATH + "/logs";
    private static final String CACHE = WorkerPodNames.TEMPORARY_PATH + "/cache";
    private static final String RANK_FILE = WorkerPodNames.TEMPORARY_PATH + "/rank.env";
    /// What a pod said last stands in its status, also when nothing was left in the file for it.
    private static final String LAST_WORDS = "FallbackToLogsOnError";

    private static final String TERMINATION_FILE = "/dev/termination-log";
    /// What a worker asks for unless the user says otherwise; without limits.
    private static final Map<String, Quantity> REQUESTS = requests();

    private final PipelineJob job;
    private final WorkerPool pool;
    private final PodSettings settings;

    WorkerContainer(PipelineJob job, WorkerPool pool, PodSettings settings) {
        this.job = job;
        this.pool = pool;
        this.settings = settings;
    }

    /// How long a last checkpoint may take.
    static long graceSeconds(PipelineJob job) {
        return job.getSpec().checkpoint().graceSeconds();
    }

    private static Map<String, Quantity> requests() {
        Map<String, Quantity> requests = new LinkedHashMap<>();
        requests.put("cpu", new Quantity("1"));
        requests.put("memory", new Quantity("1Gi"));
        requests.put("ephemeral-storage", new Quantity("256Mi"));
        return requests;
    }

    Container build(Container users, int slot, int incarnation) {
        List<VolumeMount> mounts = new ArrayList<>(WorkerVolumes.mounts(job.getSpec()));
        mounts.addAll(users.getVolumeMounts());
        return new ContainerBuilder(users)
                .withName(WorkerPodNames.CONTAINER)
                .withImage(Objects.requireNonNullElse(pool.image(), settings.image()))
                .withCommand(List.of())
                .withArgs(List.of())
                .withEnv(environment(users.getEnv(), slot, incarnation))
                .withResources(resources(users.getResources()))
                .withVolumeMounts(mounts)
                .withTerminationMessagePolicy(
                        Objects.requireNonNullElse(users.getTerminationMessagePolicy(), LAST_WORDS))
                .withSecurityContext(security(users.getSecurityContext()))
                .build();
    }

    private List<EnvVar> environment(List<EnvVar> users, int slot, int incarnation) {
        Map<String, String> own = new LinkedHashMap<>();
        own.put(WorkerPodNames.OPERATOR_ADDRESS, settings.operatorAddress());
        own.put(WorkerPodNames.TRUST_BUNDLE, settings.trustBundle().get());
        own.put(WorkerPodNames.NAMESPACE, job.getMetadata().getNamespace());
        own.put(WorkerPodNames.JOB_UID, job.getMetadata().getUid());
        own.put(WorkerPodNames.SLOT, Integer.toString(slot));
        own.put(WorkerPodNames.INCARNATION, Integer.toString(incarnation));
        own.put(WorkerPodNames.TOKEN_FILE, WorkerVolumes.TOKEN_FILE);
        own.put(WorkerPodNames.CHECKPOINT_DIRECTORY, ClusterPaths.of(job).checkpoints());
        own.put(WorkerPodNames.LOG_DIRECTORY, LOGS);
        own.put(WorkerPodNames.CACHE_DIRECTORY, CACHE);
        own.put(WorkerPodNames.TERMINATION_FILE, TERMINATION_FILE);
        own.put(WorkerPodNames.DRAIN_SECONDS, Long.toString(graceSeconds(job)));
        List<EnvVar> all = new ArrayList<>();
        own.forEach((name, value) -> all.add(new EnvVar(name, value, null)));
        all.add(ofPod(WorkerPodNames.TENSOR_HOST, "status.podIP"));
        all.add(ofPod(WorkerPodNames.POD_NAME, "metadata.name"));
        all.add(ofPod(WorkerPodNames.NODE_NAME, "spec.nodeName"));
        Set<String> ours = all.stream().map(EnvVar::getName).collect(Collectors.toUnmodifiableSet());
        Set<String> named = users.stream().map(EnvVar::getName).collect(Collectors.toUnmodifiableSet());
        defaults().forEach((name, value) -> {
            if (!named.contains(name)) {
                all.add(new EnvVar(name, value, null));
            }
        });
        users.stream().filter(variable -> !ours.contains(variable.getName())).forEach(all::add);
        return all;
    }

    /// What the user may say otherwise.
    private Map<String, String> defaults() {
        Map<String, String> defaults = new LinkedHashMap<>();
        defaults.put(
                "PIPELINEJOB_ORPHAN_SECONDS",
                Long.toString(settings.orphanLimit().toSeconds()));
        // One thread a slot: the number of threads is part of the numerics.
        defaults.put("OPENBLAS_NUM_THREADS", "1");
        defaults.put("OMP_NUM_THREADS", "1");
        // People read the pod's log, and the engine's file is gone with the pod.
        defaults.put("PIPELINEJOB_ECHO_ENGINES", "true");
        defaults.put("PIPELINEJOB_RANK_FILE", RANK_FILE);
        return defaults;
    }

    private static EnvVar ofPod(String name, String field) {
        return new EnvVarBuilder()
                .withName(name)
                .withNewValueFrom()
                .withNewFieldRef(null, field)
                .endValueFrom()
                .build();
    }

    private ResourceRequirements resources(@Nullable ResourceRequirements users) {
        Map<String, Quantity> limits = copy(users == null ? null : users.getLimits());
        Map<String, Quantity> requests = copy(users == null ? null : users.getRequests());
        Set<String> said = new TreeSet<>(limits.keySet());
        said.addAll(requests.keySet());
        REQUESTS.forEach((resource, amount) -> {
            if (!said.contains(resource)) {
                requests.put(resource, amount);
            }
        });
        WorkerPool.Accelerator accelerator = pool.accelerator();
        if (accelerator != null) {
            // An extended resource is never overcommitted: its request is its limit.
            limits.put(accelerator.resource(), new Quantity(Integer.toString(accelerator.count())));
            requests.remove(accelerator.resource());
        }
        return new ResourceRequirementsBuilder(users == null ? new ResourceRequirements() : users)
                .withLimits(limits)
                .withRequests(requests)
                .build();
    }

    private static Map<String, Quantity> copy(@Nullable Map<String, Quantity> amounts) {
        return amounts == null ? new LinkedHashMap<>() : new LinkedHashMap<>(amounts);
    }

    /// What the restricted Pod Security level asks for, unless the user says otherwise.
    private static SecurityContext security(@Nullable SecurityContext users) {
        SecurityContext own = users == null ? new SecurityContext() : users;
        SecurityContextBuilder security = new SecurityContextBuilder(own)
                .withAllowPrivilegeEscalation(Objects.requireNonNullElse(own.getAllowPrivilegeEscalation(), false))
                .withReadOnlyRootFilesystem(Objects.requireNonNullElse(own.getReadOnlyRootFilesystem(), true));
        if (own.getCapabilities() == null) {
            security.withNewCapabilities().withDrop("ALL").endCapabilities();
        }
        return security.build();
    }
}
