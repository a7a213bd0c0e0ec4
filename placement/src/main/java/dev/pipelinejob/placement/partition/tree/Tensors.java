package dev.pipelinejob.placement.partition.tree;

import dev.pipelinejob.placement.partition.IntLists;
import dev.pipelinejob.placement.workload.Workload;
import java.util.Arrays;
import java.util.stream.IntStream;

/// What may cross links: each tensor with the unit that makes it and the units that read it.
///
/// Tensors with the same source and the same readers are one, with their bytes added up.
///
/// @param source unit that makes each
/// @param pins source and readers of each, ascending, at least two
/// @param bytes of each
/// @param messages how many tensors each stands for
@SuppressWarnings("ArrayRecordComponent") // read in inner loops and never compared
record Tensors(int[] source, IntLists pins, double[] bytes, int[] messages) {
    /// The tensors between groups of nodes.
    ///
    /// @param countEmpty whether tensors of 0 bytes matter, because links add a latency
    static Tensors of(Workload workload, int[] unitOfNode, double bytesPerMilli, boolean countEmpty) {
        int[] start = new int[workload.nodes() + 1];
        int[] pins = new int[workload.nodes() + workload.edges()];
        int[] source = new int[workload.nodes()];
        double[] bytes = new double[workload.nodes()];
        int found = 0;
        int end = 0;
        for (int node = 0; node < workload.nodes(); node++) {
            if (workload.outputMillis(node) == 0 && !countEmpty) {
                continue;
            }
            int from = end;
            pins[end++] = unitOfNode[node];
            for (int index = 0; index < workload.successorCount(node); index++) {
                pins[end++] = unitOfNode[workload.successor(node, index)];
            }
            end = dropRepeats(pins, from, end);
            if (end - from > 1) {
                source[found] = unitOfNode[node];
                bytes[found++] = workload.outputMillis(node) * bytesPerMilli;
                start[found] = end;
            } else {
                end = from;
            }
        }
        return merged(Arrays.copyOf(source, found), new IntLists(Arrays.copyOf(start, found + 1), pins), bytes);
    }

    int count() {
        return source.length;
    }

    private static int dropRepeats(int[] pins, int from, int end) {
        Arrays.sort(pins, from, end);
        int kept = from;
        for (int pin = from; pin < end; pin++) {
            if (kept == from || pins[kept - 1] != pins[pin]) {
                pins[kept++] = pins[pin];
            }
        }
        return kept;
    }

    private static Tensors merged(int[] source, IntLists all, double[] bytes) {
        int[] sorted = IntStream.range(0, source.length)
                .boxed()
                .sorted((a, b) -> compare(source, all, a, b))
                .mapToInt(tensor -> tensor)
                .toArray();
        int[] keptSource = new int[source.length];
        int[] messages = new int[source.length];
        double[] sums = new double[source.length];
        int[] start = new int[source.length + 1];
        int[] pins = new int[all.start()[source.length]];
        int kept = 0;
        for (int index = 0; index < sorted.length; index++) {
            int tensor = sorted[index];
            if (index == 0 || compare(source, all, sorted[index - 1], tensor) != 0) {
                keptSource[kept] = source[tensor];
                System.arraycopy(all.items(), all.from(tensor), pins, start[kept], all.size(tensor));
                start[kept + 1] = start[kept] + all.size(tensor);
                kept++;
            }
            sums[kept - 1] += bytes[tensor];
            messages[kept - 1]++;
        }
        return new Tensors(
                Arrays.copyOf(keptSource, kept),
                new IntLists(Arrays.copyOf(start, kept + 1), Arrays.copyOf(pins, start[kept])),
                Arrays.copyOf(sums, kept),
                Arrays.copyOf(messages, kept));
    }

    private static int compare(int[] source, IntLists pins, int one, int other) {
        int bySource = Integer.compare(source[one], source[other]);
        return bySource != 0
                ? bySource
                : Arrays.compare(
                        pins.items(), pins.from(one), pins.end(one), pins.items(), pins.from(other), pins.end(other));
    }
}
