package dev.pipelinejob.worker.engine.catalogue;

import dev.pipelinejob.worker.engine.EngineSpec.ModelSpec.Mlp;
import dev.pipelinejob.worker.engine.catalogue.LayerShape.Kind;
import java.util.ArrayList;
import java.util.List;

/// A language model on a fixed window: the tokens' embeddings side by side, hidden layers with GELU, logits of the
/// one token that follows.
final class MlpModel {
    private static final InitialValue ZERO = new InitialValue.Constant(0);

    private MlpModel() {}

    static Catalogue describe(Mlp mlp) {
        long width = mlp.width();
        long window = width * mlp.contextLength();
        List<LayerShape> layers = new ArrayList<>();
        layers.add(new LayerShape(
                0,
                Kind.WINDOW_EMBEDDING,
                List.of(ParameterShape.of(
                        "embedding", "token.weight", new InitialValue.Normal(1), mlp.vocabularySize(), width)),
                List.of(window),
                List.of(),
                mlp.contextLength()));
        for (int hidden = 0; hidden < mlp.layers(); hidden++) {
            layers.add(hidden(mlp, hidden, hidden == 0 ? window : width));
        }
        layers.add(new LayerShape(
                mlp.layers() + 1,
                Kind.MLP_HEAD,
                List.of(
                        ParameterShape.of("head", "unembedding.weight", fanIn(width), mlp.vocabularySize(), width),
                        ParameterShape.of("head", "unembedding.bias", ZERO, mlp.vocabularySize())),
                List.of((long) mlp.vocabularySize()),
                List.of(),
                width + mlp.vocabularySize()));
        return new Catalogue(layers, mlp.dropout(), mlp.contextLength(), 1, mlp.vocabularySize());
    }

    private static LayerShape hidden(Mlp mlp, int hidden, long inputs) {
        long width = mlp.width();
        String prefix = "hidden." + hidden;
        return new LayerShape(
                hidden + 1,
                Kind.HIDDEN,
                List.of(
                        ParameterShape.of(prefix, "linear.weight", fanIn(inputs), width, inputs),
                        ParameterShape.of(prefix, "linear.bias", ZERO, width)),
                List.of(width),
                mlp.dropout() > 0 ? List.of(List.of(width)) : List.of(),
                inputs + width + (mlp.dropout() > 0 ? width : 0));
    }

    private static InitialValue fanIn(long inputs) {
        return new InitialValue.Normal(1 / Math.sqrt((double) inputs));
    }
}
