package dev.pipelinejob.operator.observe;

import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.NodeSelectorTerm;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Whether a node is one that the user asked for, by the scheduler's own rules.
final class NodeMatch {
    private NodeMatch() {}

    static boolean matches(Map<String, String> selector, List<NodeSelectorTerm> terms, NodeFacts node) {
        boolean selected = selector.entrySet().stream()
                .allMatch(wanted -> wanted.getValue().equals(node.labels().get(wanted.getKey())));
        return selected && (terms.isEmpty() || terms.stream().anyMatch(term -> matches(term, node)));
    }

    /// A term that asks for nothing matches nothing.
    private static boolean matches(NodeSelectorTerm term, NodeFacts node) {
        if (term.getMatchExpressions().isEmpty() && term.getMatchFields().isEmpty()) {
            return false;
        }
        return term.getMatchExpressions().stream()
                        .allMatch(each -> matches(each, node.labels().get(each.getKey())))
                && term.getMatchFields().stream().allMatch(each -> matches(each, node.name()));
    }

    private static boolean matches(NodeSelectorRequirement wanted, @Nullable String value) {
        List<String> values = wanted.getValues();
        return switch (Objects.requireNonNullElse(wanted.getOperator(), "")) {
            case "In" -> value != null && values.contains(value);
            case "NotIn" -> value == null || !values.contains(value);
            case "Exists" -> value != null;
            case "DoesNotExist" -> value == null;
            case "Gt" -> value != null && values.size() == 1 && compare(value, values.getFirst()) > 0;
            case "Lt" -> value != null && values.size() == 1 && compare(value, values.getFirst()) < 0;
            default -> false;
        };
    }

    /// 0 when one of them is no number, which is neither more nor less.
    private static int compare(String value, String bound) {
        try {
            return Long.compare(Long.parseLong(value), Long.parseLong(bound));
        } catch (NumberFormatException _) {
            return 0;
        }
    }
}
