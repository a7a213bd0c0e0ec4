package dev.pipelinejob.operator.workers;

import dev.pipelinejob.api.WorkerPodNames;
import dev.pipelinejob.api.v1alpha1.PipelineJob;
import dev.pipelinejob.api.v1alpha1.WorkerPool;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSecurityContextBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TolerationBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The spec of a worker's pod: the user's template, with what is the operator's put over it and what the user left
/// open filled in. Who decides what stands in the reference of the pod template.
final class WorkerPodSpec {
    /// Any user but root; the images have no users.
    static final long USER = 65_532;

    /// The operator finds a lost node by its own evidence; this is for when no operator is there to do so.
    private static final long UNREACHABLE_SECONDS = 300;

    private static final List<String> UNREACHABLE_TAINTS =
            List.of("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable");

    private final PipelineJob job;
    private final WorkerPool pool;
    private final PodSettings settings;
    private final PodSpec template;

    WorkerPodSpec(PipelineJob job, WorkerPool pool, PodSettings settings, PodSpec template) {
        this.job = job;
        this.pool = pool;
        this.settings = settings;
        this.template = template;
    }

    PodSpec build(int slot, int incarnation) {
        PodSpecBuilder pod = new PodSpecBuilder(template)
                .withRestartPolicy("Never")
                .withNodeName(null)
                .withTerminationGracePeriodSeconds(WorkerContainer.graceSeconds(job) + WorkerContainer.END_SECONDS)
                .withContainers(containers(slot, incarnation))
                .withVolumes(volumes())
                .withTolerations(tolerations())
                .withSecurityContext(security(template.getSecurityContext()));
        if (template.getAutomountServiceAccountToken() == null) {
            pod.withAutomountServiceAccountToken(false);
        }
        if (template.getEnableServiceLinks() == null) {
            pod.withEnableServiceLinks(false);
        }
        return pod.build();
    }

    private List<Container> containers(int slot, int incarnation) {
        List<Container> containers = new ArrayList<>();
        Container users = new Container();
        for (Container container : template.getContainers()) {
            if (container.getName().equals(WorkerPodNames.CONTAINER)) {
                users = container;
            }
        }
        containers.add(new WorkerContainer(job, pool, settings).build(users, slot, incarnation));
        template.getContainers().stream()
                .filter(container -> !container.getName().equals(WorkerPodNames.CONTAINER))
                .forEach(containers::add);
        return containers;
    }

    private List<Volume> volumes() {
        List<Volume> volumes = new ArrayList<>(WorkerVolumes.of(job.getSpec()));
        volumes.addAll(template.getVolumes());
        return volumes;
    }

    private List<Toleration> tolerations() {
        List<Toleration> tolerations = new ArrayList<>(template.getTolerations());
        for (String taint : UNREACHABLE_TAINTS) {
            if (tolerations.stream().noneMatch(toleration -> taint.equals(toleration.getKey()))) {
                tolerations.add(new TolerationBuilder()
                        .withKey(taint)
                        .withOperator("Exists")
                        .withEffect("NoExecute")
                        .withTolerationSeconds(UNREACHABLE_SECONDS)
                        .build());
            }
        }
        return tolerations;
    }

    /// What the restricted Pod Security level asks for, unless the user says otherwise.
    private static PodSecurityContext security(@Nullable PodSecurityContext users) {
        PodSecurityContext own = users == null ? new PodSecurityContext() : users;
        PodSecurityContextBuilder security = new PodSecurityContextBuilder(own)
                .withRunAsNonRoot(Objects.requireNonNullElse(own.getRunAsNonRoot(), true))
                .withRunAsUser(Objects.requireNonNullElse(own.getRunAsUser(), USER))
                .withRunAsGroup(Objects.requireNonNullElse(own.getRunAsGroup(), USER))
                .withFsGroup(Objects.requireNonNullElse(own.getFsGroup(), USER))
                .withFsGroupChangePolicy(Objects.requireNonNullElse(own.getFsGroupChangePolicy(), "OnRootMismatch"));
        if (own.getSeccompProfile() == null) {
            security.withNewSeccompProfile().withType("RuntimeDefault").endSeccompProfile();
        }
        return security.build();
    }
}
