package dev.pipelinejob.placement.partition.latency;

import dev.pipelinejob.placement.workload.Workload;
import java.util.Arrays;

/// When one sample is done under an assignment of nodes to devices.
final class Completion {
    private final Workload workload;
    private final int accelerators;
    /// Blocks are accelerators first, then one for each node that a CPU runs.
    private final int[] waiting;

    private final double[] ready;
    private final double[] duration;
    private final int[] stamp;
    private final int[] queue;
    private final int[] nodeStart;
    private final int[] nodesByBlock;

    Completion(Workload workload) {
        this.workload = workload;
        this.accelerators = workload.devices().accelerators();
        int blocks = accelerators + workload.nodes();
        this.waiting = new int[blocks];
        this.ready = new double[blocks];
        this.duration = new double[blocks];
        this.stamp = new int[blocks];
        this.queue = new int[blocks];
        this.nodeStart = new int[accelerators + 1];
        this.nodesByBlock = new int[workload.nodes()];
    }

    private int blockOf(int[] deviceOfNode, int node) {
        return deviceOfNode[node] < accelerators ? deviceOfNode[node] : accelerators + node;
    }

    /// The time at which all is done; infinite when a share would wait for itself.
    double millis(int[] deviceOfNode) {
        prepare(deviceOfNode);
        int tail = 0;
        int blocks = 0;
        for (int block = 0; block < waiting.length; block++) {
            boolean exists = block < accelerators
                    ? nodeStart[block] < nodeStart[block + 1]
                    : deviceOfNode[block - accelerators] >= accelerators;
            blocks += exists ? 1 : 0;
            if (exists && waiting[block] == 0) {
                queue[tail++] = block;
            }
        }
        double last = 0;
        for (int head = 0; head < tail; head++) {
            int block = queue[head];
            double done = ready[block] + duration[block];
            last = Math.max(last, done);
            int first = block < accelerators ? nodeStart[block] : 0;
            int end = block < accelerators ? nodeStart[block + 1] : 1;
            for (int index = first; index < end; index++) {
                int node = block < accelerators ? nodesByBlock[index] : block - accelerators;
                for (int edge = 0; edge < workload.successorCount(node); edge++) {
                    int reader = blockOf(deviceOfNode, workload.successor(node, edge));
                    if (reader != block) {
                        ready[reader] = Math.max(ready[reader], done);
                        if (--waiting[reader] == 0) {
                            queue[tail++] = reader;
                        }
                    }
                }
            }
        }
        return tail < blocks ? Double.POSITIVE_INFINITY : last;
    }

    private void prepare(int[] deviceOfNode) {
        Arrays.fill(waiting, 0);
        Arrays.fill(ready, 0);
        Arrays.fill(duration, 0);
        Arrays.fill(stamp, -1);
        Arrays.fill(nodeStart, 0);
        for (int node = 0; node < workload.nodes(); node++) {
            int block = blockOf(deviceOfNode, node);
            duration[block] += block < accelerators ? workload.acceleratorMillis(node) : workload.cpuMillis(node);
            if (block < accelerators) {
                nodeStart[block + 1]++;
            }
            boolean leaves = false;
            for (int edge = 0; edge < workload.successorCount(node); edge++) {
                int reader = blockOf(deviceOfNode, workload.successor(node, edge));
                if (reader != block) {
                    leaves = true;
                    waiting[reader]++;
                    if (reader < accelerators && stamp[reader] != node) {
                        stamp[reader] = node;
                        duration[reader] += workload.outputMillis(node);
                    }
                }
            }
            if (leaves && block < accelerators) {
                duration[block] += workload.outputMillis(node);
            }
        }
        for (int block = 0; block < accelerators; block++) {
            nodeStart[block + 1] += nodeStart[block];
        }
        for (int node = workload.nodes() - 1; node >= 0; node--) {
            int block = deviceOfNode[node];
            if (block < accelerators) {
                nodesByBlock[--nodeStart[block + 1]] = node;
            }
        }
        System.arraycopy(nodeStart, 1, nodeStart, 0, accelerators);
        nodeStart[accelerators] = 0;
        for (int node = 0; node < workload.nodes(); node++) {
            nodeStart[accelerators] += deviceOfNode[node] < accelerators ? 1 : 0;
        }
    }
}
