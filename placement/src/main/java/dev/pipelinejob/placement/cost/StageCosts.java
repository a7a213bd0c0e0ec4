package dev.pipelinejob.placement.cost;

import dev.pipelinejob.placement.graph.Layer;
import dev.pipelinejob.placement.graph.ModelGraph;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/// Costs of runs of consecutive layers `[first, end)`, each answered in constant time, on the reference device.
public final class StageCosts {
    private static final int BYTES_PER_FP32_PARAMETER = 4;
    /// Parameter, gradient and the two moments of Adam, fp32 each.
    private static final int TRAINING_BYTES_PER_PARAMETER = 16;

    private final ModelGraph graph;
    private final double[] forwardMicros;
    private final double[] backwardMicros;
    private final double[] updateMicros;
    private final long[] parameterBytes;
    private final long[] stashBytes;
    private final long[][] workspaceBytes;

    public StageCosts(ModelGraph graph) {
        this.graph = graph;
        List<Layer> layers = graph.layers();
        forwardMicros = sums(layers, Layer::forwardMicros);
        backwardMicros = sums(layers, Layer::backwardMicros);
        updateMicros = sums(layers, Layer::updateMicros);
        parameterBytes = longSums(layers, Layer::parameterBytes);
        stashBytes = longSums(layers, Layer::stashBytes);
        workspaceBytes = rangeMaxima(layers);
    }

    private static double[] sums(List<Layer> layers, ToDoubleFunction<Layer> field) {
        double[] sums = new double[layers.size() + 1];
        for (int index = 0; index < layers.size(); index++) {
            sums[index + 1] = sums[index] + field.applyAsDouble(layers.get(index));
        }
        return sums;
    }

    private static long[] longSums(List<Layer> layers, ToLongFunction<Layer> field) {
        long[] sums = new long[layers.size() + 1];
        for (int index = 0; index < layers.size(); index++) {
            sums[index + 1] = sums[index] + field.applyAsLong(layers.get(index));
        }
        return sums;
    }

    /// Row k holds the maxima of 2^k layers from each layer on.
    private static long[][] rangeMaxima(List<Layer> layers) {
        int rows = Integer.SIZE - Integer.numberOfLeadingZeros(layers.size());
        long[][] maxima = new long[rows][layers.size()];
        for (int index = 0; index < layers.size(); index++) {
            maxima[0][index] = layers.get(index).workspaceBytes();
        }
        for (int row = 1; row < rows; row++) {
            int half = 1 << (row - 1);
            for (int index = 0; index + 2 * half <= layers.size(); index++) {
                maxima[row][index] = Math.max(maxima[row - 1][index], maxima[row - 1][index + half]);
            }
        }
        return maxima;
    }

    public ModelGraph graph() {
        return graph;
    }

    /// One micro-batch's forward.
    public double forwardMicros(int first, int end) {
        return forwardMicros[end] - forwardMicros[first];
    }

    /// One micro-batch's backward, with the re-run of the forward when it re-materializes.
    public double backwardMicros(int first, int end, boolean rematerialize) {
        double again = rematerialize ? forwardMicros(first, end) : 0;
        return backwardMicros[end] - backwardMicros[first] + again;
    }

    /// One micro-batch's forward and backward.
    public double microBatchMicros(int first, int end, boolean rematerialize) {
        return forwardMicros(first, end) + backwardMicros(first, end, rematerialize);
    }

    /// Gradient statistics and optimizer step, once a step.
    public double updateMicros(int first, int end) {
        return updateMicros[end] - updateMicros[first];
    }

    /// What stays for the whole run: parameters, gradients and moments.
    public long staticBytes(int first, int end) {
        return (parameterBytes[end] - parameterBytes[first]) / BYTES_PER_FP32_PARAMETER * TRAINING_BYTES_PER_PARAMETER;
    }

    /// What one micro-batch keeps between its forward and its backward.
    public long heldBytes(int first, int end, boolean rematerialize) {
        long input = graph.cutBytes(first);
        return rematerialize ? input : Math.max(input, stashBytes[end] - stashBytes[first]);
    }

    /// What comes on top while one micro-batch computes.
    public long workingBytes(int first, int end, boolean rematerialize) {
        int row = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(end - first);
        long workspace = Math.max(workspaceBytes[row][first], workspaceBytes[row][end - (1 << row)]);
        return rematerialize ? workspace + stashBytes[end] - stashBytes[first] : workspace;
    }
}
