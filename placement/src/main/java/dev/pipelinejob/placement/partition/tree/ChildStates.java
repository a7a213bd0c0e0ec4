package dev.pipelinejob.placement.partition.tree;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// In which orders a domain's children may be used up: which have been used is a state, using one more is a step.
///
/// Where children of few types make few states, any order is allowed. Else the children keep the order of the tree.
///
/// @param sequence types of all children: grouped when any order is allowed, else in the tree's order
/// @param states how many states; the last has used all children
/// @param steps by ascending target; the last target is the last state
record ChildStates(List<NodeType> sequence, int states, List<Step> steps) {
    /// For a leaf.
    static final ChildStates NONE = new ChildStates(List.of(), 1, List.of());

    /// Using one more child.
    ///
    /// @param from the state before
    /// @param to the state behind
    /// @param child the type that is used
    /// @param earlier the state from which the same step leads to `from`; -1 when there is none
    record Step(int from, int to, NodeType child, int earlier) {}

    static ChildStates of(List<NodeType> inOrder, int mostStates) {
        List<NodeType> distinct = inOrder.stream()
                .distinct()
                .sorted(Comparator.comparingInt(NodeType::number))
                .toList();
        long states = 1;
        for (NodeType type : distinct) {
            states = Math.min(mostStates + 1L, states * (1 + count(inOrder, type)));
        }
        return states > mostStates ? inSequence(inOrder) : inAnyOrder(inOrder, distinct, (int) states);
    }

    private static int count(List<NodeType> inOrder, NodeType type) {
        return (int) inOrder.stream().filter(type::equals).count();
    }

    private static ChildStates inAnyOrder(List<NodeType> inOrder, List<NodeType> distinct, int states) {
        List<NodeType> grouped = new ArrayList<>();
        int[] stride = new int[distinct.size()];
        int[] most = new int[distinct.size()];
        int product = 1;
        for (int type = 0; type < distinct.size(); type++) {
            stride[type] = product;
            most[type] = count(inOrder, distinct.get(type));
            product *= 1 + most[type];
            for (int used = 0; used < most[type]; used++) {
                grouped.add(distinct.get(type));
            }
        }
        List<Step> steps = new ArrayList<>();
        for (int state = 1; state < states; state++) {
            for (int type = 0; type < distinct.size(); type++) {
                int used = state / stride[type] % (1 + most[type]);
                if (used > 0) {
                    int from = state - stride[type];
                    steps.add(new Step(from, state, distinct.get(type), used > 1 ? from - stride[type] : -1));
                }
            }
        }
        return new ChildStates(List.copyOf(grouped), states, List.copyOf(steps));
    }

    private static ChildStates inSequence(List<NodeType> inOrder) {
        List<Step> steps = new ArrayList<>();
        for (int state = 1; state <= inOrder.size(); state++) {
            NodeType child = inOrder.get(state - 1);
            boolean again = state > 1 && inOrder.get(state - 2).equals(child);
            steps.add(new Step(state - 1, state, child, again ? state - 2 : -1));
        }
        return new ChildStates(List.copyOf(inOrder), inOrder.size() + 1, List.copyOf(steps));
    }

    /// How fast all leaves below the children used in a state are together.
    double[] speedUsed() {
        double[] speed = new double[states];
        for (Step step : steps) {
            speed[step.to()] = speed[step.from()] + step.child().speed();
        }
        return speed;
    }
}
