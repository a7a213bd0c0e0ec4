package dev.pipelinejob.worker.engine.catalogue;

import java.util.List;

/// One layer of a model, as far as all engines agree on it. The sizes are those of one sample; a micro-batch has
/// `microBatchSize` of them as its first dimension.
///
/// @param index index of the layer in the model
/// @param kind which computation it is
/// @param parameters in canonical order
/// @param outputShape sizes of the output of one sample; the head's are its logits
/// @param maskShapes sizes, for one sample, of the dropout mask of each site; empty when dropout is 0
/// @param stashElements float32 elements that the backward of one sample needs, the input included
public record LayerShape(
        int index,
        Kind kind,
        List<ParameterShape> parameters,
        List<Long> outputShape,
        List<List<Long>> maskShapes,
        long stashElements) {
    public LayerShape {
        parameters = List.copyOf(parameters);
        outputShape = List.copyOf(outputShape);
        maskShapes = maskShapes.stream().map(List::copyOf).toList();
    }

    /// The computations of the catalogue.
    public enum Kind {
        EMBEDDING,
        BLOCK,
        GPT_HEAD,
        WINDOW_EMBEDDING,
        HIDDEN,
        MLP_HEAD
    }

    public long outputElements() {
        return outputShape.stream().mapToLong(Long::longValue).reduce(1, Math::multiplyExact);
    }
}
