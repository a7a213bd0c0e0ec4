package dev.pipelinejob.placement.partition;

import dev.pipelinejob.placement.workload.Workload;

/// Which groups of nodes must come before which others when every device's share is contiguous.
///
/// Contiguity is about the forward pass: backward nodes follow their colour class. A class without forward nodes takes
/// part through the mirror image of its backward edges: where backward u feeds backward v and the class of either has
/// no forward node, the class of v comes before the class of u.
final class Precedence {
    private Precedence() {}

    /// The edges between groups, without loops and repeats.
    static IntLists between(Workload workload, int[] groupOfNode, int groups) {
        boolean[] hasForward = new boolean[workload.colours()];
        for (int node = 0; node < workload.nodes(); node++) {
            hasForward[workload.colour(node)] |= !workload.backward(node);
        }
        int[] from = new int[workload.edges()];
        int[] to = new int[workload.edges()];
        int edges = 0;
        for (int node = 0; node < workload.nodes(); node++) {
            for (int index = 0; index < workload.successorCount(node); index++) {
                int reader = workload.successor(node, index);
                int source = groupOfNode[node];
                int target = groupOfNode[reader];
                if (source == target) {
                    continue;
                }
                if (!workload.backward(node) && !workload.backward(reader)) {
                    from[edges] = source;
                    to[edges++] = target;
                } else if (workload.backward(node)
                        && (!hasForward[workload.colour(node)] || !hasForward[workload.colour(reader)])) {
                    from[edges] = target;
                    to[edges++] = source;
                }
            }
        }
        return IntLists.ofPairs(groups, from, to, edges);
    }
}
