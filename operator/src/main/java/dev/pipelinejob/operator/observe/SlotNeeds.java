package dev.pipelinejob.operator.observe;

import dev.pipelinejob.operator.observe.NodeFacts.Taint;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.NodeSelector;
import io.fabric8.kubernetes.api.model.NodeSelectorTerm;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Toleration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What one slot of a job asks of a node, read from the very pod that would be made for it.
///
/// @param requests what it takes
/// @param memoryLimitBytes the most memory that its containers may use; 0 when nothing limits them
/// @param selector labels that the node must have
/// @param terms the alternatives that the node must match one of; empty: any
/// @param tolerations the taints that do not keep it away
/// @param architectures what the worker's image runs on, such as amd64
public record SlotNeeds(
        Amounts requests,
        long memoryLimitBytes,
        Map<String, String> selector,
        List<NodeSelectorTerm> terms,
        List<Toleration> tolerations,
        Set<String> architectures) {
    private static final List<String> KEEPS_AWAY = List.of("NoSchedule", "NoExecute");

    public SlotNeeds {
        selector = Map.copyOf(selector);
        terms = List.copyOf(terms);
        tolerations = List.copyOf(tolerations);
        architectures = Set.copyOf(architectures);
    }

    /// The needs of a pod that is held to no node yet.
    public static SlotNeeds of(PodSpec pod, Set<String> architectures) {
        Affinity affinity = Objects.requireNonNullElseGet(pod.getAffinity(), Affinity::new);
        NodeSelector required = affinity.getNodeAffinity() == null
                ? null
                : affinity.getNodeAffinity().getRequiredDuringSchedulingIgnoredDuringExecution();
        return new SlotNeeds(
                PodFacts.requests(pod),
                memoryLimit(pod),
                Objects.requireNonNullElse(pod.getNodeSelector(), Map.of()),
                required == null ? List.of() : required.getNodeSelectorTerms(),
                pod.getTolerations(),
                architectures);
    }

    private static long memoryLimit(PodSpec pod) {
        long sum = 0;
        for (Container container : pod.getContainers()) {
            Map<String, Quantity> limits = container.getResources() == null
                    ? null
                    : container.getResources().getLimits();
            Quantity limit = limits == null ? null : limits.get(Amounts.MEMORY);
            if (limit == null) {
                return 0;
            }
            sum += limit.getNumericalAmount().longValue();
        }
        return sum;
    }

    /// The first taint that keeps the slot away, or null.
    @Nullable
    Taint untolerated(NodeFacts node) {
        return node.taints().stream()
                .filter(taint -> KEEPS_AWAY.contains(taint.effect()))
                .filter(taint -> tolerations.stream().noneMatch(toleration -> tolerates(toleration, taint)))
                .findFirst()
                .orElse(null);
    }

    private static boolean tolerates(Toleration toleration, Taint taint) {
        String key = Objects.requireNonNullElse(toleration.getKey(), "");
        String effect = Objects.requireNonNullElse(toleration.getEffect(), "");
        boolean exists = "Exists".equals(toleration.getOperator());
        boolean sameKey = key.isEmpty() ? exists : key.equals(taint.key());
        boolean sameValue =
                exists || Objects.requireNonNullElse(toleration.getValue(), "").equals(taint.value());
        return sameKey && sameValue && (effect.isEmpty() || effect.equals(taint.effect()));
    }
}
