package dev.pipelinejob.operator.cli.placement;

import dev.pipelinejob.placement.workload.Devices;
import dev.pipelinejob.placement.workload.Workload;
import dev.pipelinejob.placement.workload.WorkloadBuilder;
import java.util.Arrays;

/// Large graphs for benchmarks: copies of one graph, each fed by the one before.
final class Copies {
    private Copies() {}

    /// Links the end of the longest path of each copy to the start of the longest path of the next.
    static Workload inARow(Workload block, int copies, Devices devices) {
        int[] depth = depths(block);
        int last = deepest(depth);
        int first = startOfPathTo(block, depth, last);
        WorkloadBuilder builder = new WorkloadBuilder();
        for (int copy = 0; copy < copies; copy++) {
            for (int node = 0; node < block.nodes(); node++) {
                builder.node(new WorkloadBuilder.Node(
                        name(copy, node),
                        block.acceleratorMillis(node),
                        block.cpuMillis(node),
                        block.bytes(node),
                        block.supported(node),
                        block.backward(node),
                        copy + "/" + block.colour(node)));
            }
            for (int node = 0; node < block.nodes(); node++) {
                for (int index = 0; index < block.successorCount(node); index++) {
                    builder.edge(name(copy, node), name(copy, block.successor(node, index)), block.outputMillis(node));
                }
            }
            if (copy > 0) {
                builder.edge(name(copy - 1, last), name(copy, first), block.outputMillis(first));
            }
        }
        return builder.build(devices);
    }

    private static String name(int copy, int node) {
        return copy + "/" + node;
    }

    private static int[] depths(Workload block) {
        int[] depth = new int[block.nodes()];
        boolean changed = true;
        while (changed) {
            changed = false;
            for (int node = 0; node < block.nodes(); node++) {
                for (int index = 0; index < block.successorCount(node); index++) {
                    int reader = block.successor(node, index);
                    if (depth[reader] <= depth[node]) {
                        depth[reader] = depth[node] + 1;
                        changed = true;
                    }
                }
            }
        }
        return depth;
    }

    private static int deepest(int[] depth) {
        int deepest = 0;
        for (int node = 0; node < depth.length; node++) {
            deepest = depth[node] > depth[deepest] ? node : deepest;
        }
        return deepest;
    }

    private static int startOfPathTo(Workload block, int[] depth, int end) {
        int[] before = new int[block.nodes()];
        Arrays.fill(before, -1);
        for (int node = 0; node < block.nodes(); node++) {
            for (int index = 0; index < block.successorCount(node); index++) {
                int reader = block.successor(node, index);
                if (depth[reader] == depth[node] + 1) {
                    before[reader] = node;
                }
            }
        }
        int start = end;
        while (before[start] >= 0) {
            start = before[start];
        }
        return start;
    }
}
