package dev.pipelinejob.operator.observe;

import dev.pipelinejob.api.WorkerLabels;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.NodeAffinity;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/// What anybody's pod takes of which node. Small: thousands of them are kept.
///
/// @param node where it runs or is held to; empty while nobody knows, and once it has ended
/// @param jobUid the job that it works for; empty for a foreign pod
/// @param requests what it asks for; nothing once it has ended
public record PodFacts(String node, String jobUid, Amounts requests) {
    /// The facts of a pod.
    public static PodFacts of(Pod pod) {
        Map<String, String> labels =
                Objects.requireNonNullElse(pod.getMetadata().getLabels(), Map.of());
        String jobUid = labels.getOrDefault(WorkerLabels.JOB_UID, "");
        String phase = pod.getStatus() == null
                ? ""
                : Objects.requireNonNullElse(pod.getStatus().getPhase(), "");
        if (phase.equals("Succeeded") || phase.equals("Failed")) {
            return new PodFacts("", jobUid.intern(), Amounts.NONE);
        }
        return new PodFacts(node(pod.getSpec()).intern(), jobUid.intern(), requests(pod.getSpec()));
    }

    /// The node that a pod runs on, ran on or is held to; empty while nobody knows.
    static String node(PodSpec spec) {
        if (spec.getNodeName() != null && !spec.getNodeName().isEmpty()) {
            return spec.getNodeName();
        }
        return heldTo(spec.getAffinity() == null ? new Affinity() : spec.getAffinity());
    }

    /// The node that a pod of ours waits for: it counts there before the scheduler has put it there.
    private static String heldTo(Affinity affinity) {
        NodeAffinity nodes = affinity.getNodeAffinity();
        if (nodes == null || nodes.getRequiredDuringSchedulingIgnoredDuringExecution() == null) {
            return "";
        }
        return nodes.getRequiredDuringSchedulingIgnoredDuringExecution().getNodeSelectorTerms().stream()
                .flatMap(term -> term.getMatchFields().stream())
                .filter(field -> "metadata.name".equals(field.getKey()) && "In".equals(field.getOperator()))
                .map(NodeSelectorRequirement::getValues)
                .filter(values -> values.size() == 1)
                .map(List::getFirst)
                .findFirst()
                .orElse("");
    }

    /// What the scheduler counts: the containers together, or what starting takes where that is more.
    static Amounts requests(PodSpec spec) {
        Amounts containers = Amounts.NONE;
        for (Container container : spec.getContainers()) {
            containers = containers.plus(requests(container));
        }
        Amounts sidecars = Amounts.NONE;
        Amounts starting = Amounts.NONE;
        for (Container container : spec.getInitContainers()) {
            if ("Always".equals(container.getRestartPolicy())) {
                sidecars = sidecars.plus(requests(container));
                starting = starting.atLeast(sidecars);
            } else {
                starting = starting.atLeast(sidecars.plus(requests(container)));
            }
        }
        Amounts all = containers.plus(sidecars).atLeast(starting);
        return spec.getOverhead() == null || spec.getOverhead().isEmpty()
                ? all
                : all.plus(Amounts.of(spec.getOverhead()));
    }

    /// A limit without a request is a request, as the API server sees to for pods that it has taken.
    private static Amounts requests(Container container) {
        if (container.getResources() == null) {
            return Amounts.NONE;
        }
        Map<String, Quantity> asked = new TreeMap<>();
        if (container.getResources().getLimits() != null) {
            asked.putAll(container.getResources().getLimits());
        }
        if (container.getResources().getRequests() != null) {
            asked.putAll(container.getResources().getRequests());
        }
        return Amounts.of(asked);
    }
}
