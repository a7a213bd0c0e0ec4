package dev.pipelinejob.worker.engine;

import java.util.BitSet;
import java.util.List;

/// What {@link StageEngine#init} builds.
///
/// @param model which model
/// @param optimizer which optimizer, with its fixed numbers
/// @param seed the job's seed
/// @param microBatchSize samples a micro-batch
/// @param microBatches micro-batches a step; dropout's counter is `step · microBatches + microBatch`
/// @param stages the stages that this worker holds
public record EngineSpec(
        ModelSpec model,
        OptimizerSpec optimizer,
        long seed,
        int microBatchSize,
        int microBatches,
        List<StageLayers> stages) {
    public EngineSpec {
        Ranges.atLeast("microBatchSize", microBatchSize, 1);
        Ranges.atLeast("microBatches", microBatches, 1);
        stages = List.copyOf(stages);
    }

    /// Checks that the held stages are ranges of a model with `layers` layers that do not overlap.
    ///
    /// @throws IllegalArgumentException when one is not; the message names it
    public void requireLayers(int layers) {
        BitSet held = new BitSet(layers);
        BitSet numbers = new BitSet();
        for (StageLayers range : stages) {
            if (range.firstLayer() < 0 || range.endLayer() > layers || range.firstLayer() >= range.endLayer()) {
                throw new IllegalArgumentException("Stage " + range.stage() + " has layers [" + range.firstLayer()
                        + ", " + range.endLayer() + ") but the model has layers [0, " + layers + ").");
            }
            if (range.stage() < 0 || numbers.get(range.stage())) {
                throw new IllegalArgumentException("Stage " + range.stage() + " is named twice or negative.");
            }
            if (held.get(range.firstLayer(), range.endLayer()).cardinality() > 0) {
                throw new IllegalArgumentException("Stage " + range.stage() + " with layers [" + range.firstLayer()
                        + ", " + range.endLayer() + ") overlaps another held stage.");
            }
            numbers.set(range.stage());
            held.set(range.firstLayer(), range.endLayer());
        }
    }

    /// A held stage: layers `[firstLayer, endLayer)` of the model.
    public record StageLayers(int stage, int firstLayer, int endLayer) {}

    /// A model of the catalogue.
    public sealed interface ModelSpec {
        /// Pre-norm transformer blocks with causal attention (GPT-2's shape): embedding, `layers` blocks, head.
        record Gpt(
                int layers,
                int width,
                int heads,
                int contextLength,
                int vocabularySize,
                double dropout,
                boolean tieEmbeddings)
                implements ModelSpec {
            public Gpt {
                Ranges.atLeast("layers", layers, 1);
                Ranges.atLeast("width", width, 1);
                Ranges.atLeast("heads", heads, 1);
                Ranges.atLeast("contextLength", contextLength, 1);
                Ranges.atLeast("vocabularySize", vocabularySize, 2);
                Ranges.fraction("dropout", dropout);
                if (width % heads != 0) {
                    throw new IllegalArgumentException("width is " + width + ", which heads = " + heads
                            + " does not divide: make width a multiple of heads.");
                }
            }
        }

        /// Language model on a fixed window (Bengio et al. 2003): embedding, `layers` hidden layers, head.
        record Mlp(int layers, int width, int contextLength, int vocabularySize, double dropout) implements ModelSpec {
            public Mlp {
                Ranges.atLeast("layers", layers, 1);
                Ranges.atLeast("width", width, 1);
                Ranges.atLeast("contextLength", contextLength, 1);
                Ranges.atLeast("vocabularySize", vocabularySize, 2);
                Ranges.fraction("dropout", dropout);
            }
        }
    }

    /// The optimizer's fixed numbers; learning rate and coefficient come with every step.
    public sealed interface OptimizerSpec {
        /// The share of a decaying weight that a step of learning rate 1 removes.
        double weightDecay();

        record AdamW(double beta1, double beta2, double epsilon, double weightDecay) implements OptimizerSpec {
            public AdamW {
                Ranges.fraction("beta1", beta1);
                Ranges.fraction("beta2", beta2);
                Ranges.notNegative("epsilon", epsilon);
                Ranges.notNegative("weightDecay", weightDecay);
            }
        }

        record Sgd(double momentum, double weightDecay) implements OptimizerSpec {
            public Sgd {
                Ranges.fraction("momentum", momentum);
                Ranges.notNegative("weightDecay", weightDecay);
            }
        }
    }
}
