package dev.pipelinejob.operator.observe;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeSpec;
import io.fabric8.kubernetes.api.model.NodeStatus;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What of a node matters for placement; the rest of a Node is large and changes every few seconds.
///
/// @param name the node's name
/// @param labels the node's labels
/// @param taints what keeps pods away that do not tolerate it
/// @param cordoned whether it takes no new pods
/// @param ready whether its kubelet says so, and was heard of
/// @param allocatable what it offers to pods
/// @param maxPods how many pods it takes
public record NodeFacts(
        String name,
        Map<String, String> labels,
        List<Taint> taints,
        boolean cordoned,
        boolean ready,
        Amounts allocatable,
        long maxPods) {
    private static final String PODS = "pods";
    /// What a kubelet takes when nobody says otherwise.
    private static final long USUAL_PODS = 110;
    /// Taints of nodes whose pods do not run any more.
    private static final Set<String> LOST_TAINTS =
            Set.of("node.kubernetes.io/unreachable", "node.kubernetes.io/out-of-service");

    public NodeFacts {
        labels = Map.copyOf(labels);
        taints = List.copyOf(taints);
    }

    /// What keeps pods away that do not tolerate it.
    public record Taint(String key, String value, String effect) {
        @Override
        public String toString() {
            return key + (value.isEmpty() ? "" : "=" + value) + ":" + effect;
        }
    }

    /// Why its pods have to be taken for lost, such as `it has the taint …`; null when they have not. Workers tolerate
    /// the taint, since they are not to be evicted for a short silence; they are not to be placed there either.
    public @Nullable String lostBecause() {
        if (!ready) {
            return "its Ready condition is not True";
        }
        return taints.stream()
                .filter(taint -> LOST_TAINTS.contains(taint.key()))
                .map(taint -> "it has the taint " + taint)
                .findFirst()
                .orElse(null);
    }

    /// The facts of a node.
    public static NodeFacts of(Node node) {
        NodeSpec spec = Objects.requireNonNullElseGet(node.getSpec(), NodeSpec::new);
        NodeStatus status = Objects.requireNonNullElseGet(node.getStatus(), NodeStatus::new);
        Map<String, String> labels = new TreeMap<>();
        if (node.getMetadata().getLabels() != null) {
            node.getMetadata().getLabels().forEach((key, value) -> labels.put(key.intern(), value.intern()));
        }
        Map<String, Quantity> allocatable = Objects.requireNonNullElse(status.getAllocatable(), Map.of());
        Quantity pods = allocatable.get(PODS);
        return new NodeFacts(
                node.getMetadata().getName(),
                labels,
                spec.getTaints().stream()
                        .map(taint -> new Taint(
                                taint.getKey(), Objects.requireNonNullElse(taint.getValue(), ""), taint.getEffect()))
                        .toList(),
                Boolean.TRUE.equals(spec.getUnschedulable()),
                status.getConditions().stream()
                        .anyMatch(each -> "Ready".equals(each.getType()) && "True".equals(each.getStatus())),
                Amounts.of(allocatable),
                pods == null ? USUAL_PODS : pods.getNumericalAmount().longValue());
    }
}
