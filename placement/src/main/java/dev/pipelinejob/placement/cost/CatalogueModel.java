package dev.pipelinejob.placement.cost;

/// A model of the catalogue by its shape; the layers are those of `plan.proto`: embedding, `layers` blocks, head.
public sealed interface CatalogueModel {
    /// A decoder-only transformer with pre-norm blocks.
    record Gpt(int layers, int width, int heads, int contextLength, int vocabularySize, boolean tieEmbeddings)
            implements CatalogueModel {
        public Gpt {
            requirePositive("gpt", layers, width, heads, contextLength, vocabularySize);
        }
    }

    /// A language model on a fixed window.
    record Mlp(int layers, int width, int contextLength, int vocabularySize) implements CatalogueModel {
        public Mlp {
            requirePositive("mlp", layers, width, contextLength, vocabularySize);
        }
    }

    private static void requirePositive(String model, int... sizes) {
        for (int size : sizes) {
            if (size < 1) {
                throw new IllegalArgumentException(
                        "The shape of " + model + " contains " + size + ": sizes are 1 or more.");
            }
        }
    }
}
