package dev.pipelinejob.worker.engine.catalogue;

import dev.pipelinejob.worker.engine.EngineSpec.ModelSpec;
import java.util.List;

/// The layers of a model, in order: embedding, the model's own layers, head.
///
/// @param layers all layers of the model
/// @param dropout probability that an element is zeroed
/// @param tokensPerSample tokens that one sample reads
/// @param targetsPerSample tokens that one sample predicts
/// @param vocabularySize tokens are from 0 to this, exclusive
public record Catalogue(
        List<LayerShape> layers, double dropout, int tokensPerSample, int targetsPerSample, int vocabularySize) {
    public Catalogue {
        layers = List.copyOf(layers);
    }

    public static Catalogue of(ModelSpec model) {
        return switch (model) {
            case ModelSpec.Gpt gpt -> GptModel.describe(gpt);
            case ModelSpec.Mlp mlp -> MlpModel.describe(mlp);
        };
    }

    /// Index of the first layer that uses a parameter.
    public int firstUse(String parameter) {
        return layers.stream()
                .filter(layer -> layer.parameters().stream()
                        .anyMatch(shape -> shape.name().equals(parameter)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("The model has no parameter " + parameter + "."))
                .index();
    }
}
