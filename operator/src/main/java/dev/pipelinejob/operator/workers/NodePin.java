package dev.pipelinejob.operator.workers;

import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.AffinityBuilder;
import io.fabric8.kubernetes.api.model.NodeAffinity;
import io.fabric8.kubernetes.api.model.NodeAffinityBuilder;
import io.fabric8.kubernetes.api.model.NodeSelector;
import io.fabric8.kubernetes.api.model.NodeSelectorBuilder;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirementBuilder;
import io.fabric8.kubernetes.api.model.NodeSelectorTerm;
import io.fabric8.kubernetes.api.model.NodeSelectorTermBuilder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Holds a pod to the planned node, and to what the user asked of nodes as well. The terms of a node affinity are
/// alternatives, so the node goes into each of them.
final class NodePin {
    private NodePin() {}

    static Affinity affinity(@Nullable Affinity users, String node) {
        NodeSelectorRequirement thisNode = new NodeSelectorRequirementBuilder()
                .withKey("metadata.name")
                .withOperator("In")
                .withValues(node)
                .build();
        NodeAffinity nodes = users == null ? null : users.getNodeAffinity();
        NodeSelector required = nodes == null ? null : nodes.getRequiredDuringSchedulingIgnoredDuringExecution();
        List<NodeSelectorTerm> terms =
                required == null || required.getNodeSelectorTerms().isEmpty()
                        ? List.of(new NodeSelectorTerm())
                        : required.getNodeSelectorTerms();
        NodeSelector pinned = new NodeSelectorBuilder()
                .withNodeSelectorTerms(terms.stream()
                        .map(term -> new NodeSelectorTermBuilder(term)
                                .addToMatchFields(thisNode)
                                .build())
                        .toList())
                .build();
        return new AffinityBuilder(users == null ? new Affinity() : users)
                .withNodeAffinity(new NodeAffinityBuilder(nodes == null ? new NodeAffinity() : nodes)
                        .withRequiredDuringSchedulingIgnoredDuringExecution(pinned)
                        .build())
                .build();
    }
}
