package dev.pipelinejob.worker.engine.catalogue;

import dev.pipelinejob.worker.engine.EngineSpec.ModelSpec.Gpt;
import dev.pipelinejob.worker.engine.catalogue.LayerShape.Kind;
import java.util.ArrayList;
import java.util.List;

/// GPT-2's shape: token and learned position embeddings, pre-norm blocks, a final norm and the unembedding.
final class GptModel {
    private static final InitialValue ZERO = new InitialValue.Constant(0);
    private static final InitialValue ONE = new InitialValue.Constant(1);
    private static final InitialValue WEIGHT = new InitialValue.Normal(0.02);

    private GptModel() {}

    static Catalogue describe(Gpt gpt) {
        List<LayerShape> layers = new ArrayList<>();
        layers.add(embedding(gpt));
        for (int block = 0; block < gpt.layers(); block++) {
            layers.add(block(gpt, block));
        }
        layers.add(head(gpt));
        return new Catalogue(layers, gpt.dropout(), gpt.contextLength(), gpt.contextLength(), gpt.vocabularySize());
    }

    private static ParameterShape tokenEmbedding(Gpt gpt) {
        return ParameterShape.of("embedding", "token.weight", WEIGHT, gpt.vocabularySize(), gpt.width());
    }

    private static LayerShape embedding(Gpt gpt) {
        ParameterShape token = tokenEmbedding(gpt);
        return new LayerShape(
                0,
                Kind.EMBEDDING,
                List.of(
                        gpt.tieEmbeddings() ? token.tiedUse(true) : token,
                        ParameterShape.of("embedding", "position.weight", WEIGHT, gpt.contextLength(), gpt.width())),
                activation(gpt),
                masks(gpt, List.of(activation(gpt))),
                gpt.contextLength() + (gpt.dropout() > 0 ? elements(gpt) : 0));
    }

    private static LayerShape block(Gpt gpt, int block) {
        long width = gpt.width();
        // GPT-2 scales the projections that feed the residual stream by the number of such additions.
        InitialValue residual = new InitialValue.Normal(0.02 / Math.sqrt(2.0 * gpt.layers()));
        String prefix = "blocks." + block;
        List<Long> attention = List.of((long) gpt.heads(), (long) gpt.contextLength(), (long) gpt.contextLength());
        return new LayerShape(
                block + 1,
                Kind.BLOCK,
                List.of(
                        ParameterShape.of(prefix, "attention_norm.weight", ONE, width),
                        ParameterShape.of(prefix, "attention_norm.bias", ZERO, width),
                        ParameterShape.of(prefix, "attention.query_key_value.weight", WEIGHT, 3 * width, width),
                        ParameterShape.of(prefix, "attention.query_key_value.bias", ZERO, 3 * width),
                        ParameterShape.of(prefix, "attention.projection.weight", residual, width, width),
                        ParameterShape.of(prefix, "attention.projection.bias", ZERO, width),
                        ParameterShape.of(prefix, "feed_forward_norm.weight", ONE, width),
                        ParameterShape.of(prefix, "feed_forward_norm.bias", ZERO, width),
                        ParameterShape.of(prefix, "feed_forward.expand.weight", WEIGHT, 4 * width, width),
                        ParameterShape.of(prefix, "feed_forward.expand.bias", ZERO, 4 * width),
                        ParameterShape.of(prefix, "feed_forward.contract.weight", residual, width, 4 * width),
                        ParameterShape.of(prefix, "feed_forward.contract.bias", ZERO, width)),
                activation(gpt),
                masks(gpt, List.of(attention, activation(gpt), activation(gpt))),
                blockStash(gpt));
    }

    private static LayerShape head(Gpt gpt) {
        ParameterShape unembedding = gpt.tieEmbeddings()
                ? tokenEmbedding(gpt).tiedUse(false)
                : ParameterShape.of("head", "unembedding.weight", WEIGHT, gpt.vocabularySize(), gpt.width());
        return new LayerShape(
                gpt.layers() + 1,
                Kind.GPT_HEAD,
                List.of(
                        ParameterShape.of("head", "norm.weight", ONE, gpt.width()),
                        ParameterShape.of("head", "norm.bias", ZERO, gpt.width()),
                        unembedding),
                List.of((long) gpt.contextLength(), (long) gpt.vocabularySize()),
                List.of(),
                2 * elements(gpt) + (long) gpt.contextLength() * gpt.vocabularySize());
    }

    private static List<Long> activation(Gpt gpt) {
        return List.of((long) gpt.contextLength(), (long) gpt.width());
    }

    private static long elements(Gpt gpt) {
        return (long) gpt.contextLength() * gpt.width();
    }

    private static List<List<Long>> masks(Gpt gpt, List<List<Long>> sites) {
        return gpt.dropout() > 0 ? sites : List.of();
    }

    /// Input, both norms' outputs, query, key, value, attended values, the residual sum and the feed-forward's four
    /// widths before and after GELU are 16 activations. Dropout keeps a mask for each site, and the attention's
    /// weights before and after theirs.
    private static long blockStash(Gpt gpt) {
        long attention = (long) gpt.heads() * gpt.contextLength() * gpt.contextLength();
        return 16 * elements(gpt) + (gpt.dropout() > 0 ? 2 * elements(gpt) + 3 * attention : 0);
    }
}
