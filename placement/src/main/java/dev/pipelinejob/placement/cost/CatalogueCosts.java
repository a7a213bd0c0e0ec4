package dev.pipelinejob.placement.cost;

import dev.pipelinejob.placement.graph.CostSource;
import dev.pipelinejob.placement.graph.Layer;
import dev.pipelinejob.placement.graph.ModelGraph;
import dev.pipelinejob.placement.graph.TiedParameter;
import java.util.ArrayList;
import java.util.List;

/// The catalogue's models as graphs, their costs estimated by arithmetic over their shapes.
///
/// Time is floating point work by the device's rate. Matrix products count 2 a multiply-add; everything element by
/// element (normalisation, activation, dropout) counts [#FLOPS_PER_ELEMENT] for each element that is kept for the
/// backward, since it is bound by memory and not by arithmetic; so does the update of a parameter, which reads and
/// writes it, its gradient and two moments. A backward costs twice its forward.
public final class CatalogueCosts {
    /// Dense matrix products on one core of a current server CPU, single precision.
    public static final double CPU_CORE_FLOPS_PER_SECOND = 1.0e11;

    private static final double FLOPS_PER_ELEMENT = 50;
    private static final double BACKWARD_TO_FORWARD = 2;
    private static final double UPDATE_FLOPS_PER_PARAMETER = 600;
    private static final long FP32_BYTES = 4;
    private static final String TIED_EMBEDDING = "embedding.token.weight";

    private CatalogueCosts() {}

    /// The graph of a model for one micro-batch size on a device.
    ///
    /// @param microBatchSize samples in one micro-batch
    /// @param deviceFlopsPerSecond what the reference device (relative speed 1) reaches in matrix products
    public static ModelGraph graph(CatalogueModel model, int microBatchSize, double deviceFlopsPerSecond) {
        if (microBatchSize < 1 || !(deviceFlopsPerSecond > 0)) {
            throw new IllegalArgumentException("Micro-batches of " + microBatchSize + " samples on a device of "
                    + deviceFlopsPerSecond + " FLOP/s: both must be above 0.");
        }
        return switch (model) {
            case CatalogueModel.Gpt gpt -> gpt(gpt, microBatchSize, deviceFlopsPerSecond);
            case CatalogueModel.Mlp mlp -> mlp(mlp, microBatchSize, deviceFlopsPerSecond);
        };
    }

    private static ModelGraph gpt(CatalogueModel.Gpt gpt, long microBatchSize, double flopsPerSecond) {
        long width = gpt.width();
        long tokens = microBatchSize * gpt.contextLength();
        long embedding = (long) gpt.vocabularySize() * width;
        List<TiedParameter> tied =
                gpt.tieEmbeddings() ? List.of(new TiedParameter(TIED_EMBEDDING, embedding * FP32_BYTES)) : List.of();
        List<Layer> layers = new ArrayList<>();
        layers.add(new Shape(embedding + gpt.contextLength() * width, 2, 0, tokens * width, 2 * tokens * width, 0)
                .layer("embedding", tied, flopsPerSecond));
        long scores = tokens * gpt.heads() * gpt.contextLength();
        // Kept for the backward, in widths: input, both norms' outputs, query, key, value, attended values, residual
        // sum and the feed-forward's four before and after its activation, 16; with dropout two masks more, and the
        // attention's weights, masked weights and mask. The estimate is the one with dropout.
        Shape block = new Shape(
                12 * width * width + 13 * width,
                12,
                2.0 * tokens * 12 * width * width + 4.0 * tokens * gpt.contextLength() * width,
                tokens * width,
                18 * tokens * width + 3 * scores,
                8 * tokens * width + 2 * scores);
        for (int index = 0; index < gpt.layers(); index++) {
            layers.add(block.layer("block-" + index, List.of(), flopsPerSecond));
        }
        long logits = tokens * gpt.vocabularySize();
        layers.add(new Shape(
                        embedding + 2 * width,
                        3,
                        2.0 * tokens * embedding,
                        logits,
                        2 * tokens * width + 2 * logits,
                        2 * logits)
                .layer("head", tied, flopsPerSecond));
        return ModelGraph.chain("gpt", layers, CostSource.ESTIMATED);
    }

    private static ModelGraph mlp(CatalogueModel.Mlp mlp, long microBatchSize, double flopsPerSecond) {
        long width = mlp.width();
        long rows = microBatchSize;
        long window = mlp.contextLength() * width;
        List<Layer> layers = new ArrayList<>();
        layers.add(new Shape(mlp.vocabularySize() * width, 1, 0, rows * window, rows * window, 0)
                .layer("embedding", List.of(), flopsPerSecond));
        for (int index = 0; index < mlp.layers(); index++) {
            long input = index == 0 ? window : width;
            layers.add(new Shape(
                            input * width + width,
                            2,
                            2.0 * rows * input * width,
                            rows * width,
                            rows * (input + 3 * width),
                            2 * rows * width)
                    .layer("hidden-" + index, List.of(), flopsPerSecond));
        }
        long logits = rows * mlp.vocabularySize();
        layers.add(new Shape(
                        mlp.vocabularySize() * (width + 1),
                        2,
                        2.0 * rows * width * mlp.vocabularySize(),
                        logits,
                        rows * width + 2 * logits,
                        2 * logits)
                .layer("head", List.of(), flopsPerSecond));
        return ModelGraph.chain("mlp", layers, CostSource.ESTIMATED);
    }

    /// One layer in elements instead of bytes and micros.
    private record Shape(
            long parameters,
            int parameterTensors,
            double forwardFlops,
            long outputElements,
            long stashElements,
            long workspaceElements) {
        Layer layer(String name, List<TiedParameter> tied, double flopsPerSecond) {
            double flops = forwardFlops + FLOPS_PER_ELEMENT * stashElements;
            double forwardMicros = flops / flopsPerSecond * 1e6;
            return new Layer(
                    name,
                    forwardMicros,
                    BACKWARD_TO_FORWARD * forwardMicros,
                    UPDATE_FLOPS_PER_PARAMETER * parameters / flopsPerSecond * 1e6,
                    parameters * FP32_BYTES,
                    parameterTensors,
                    outputElements * FP32_BYTES,
                    stashElements * FP32_BYTES,
                    workspaceElements * FP32_BYTES,
                    tied);
        }
    }
}
