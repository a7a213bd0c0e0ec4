package dev.pipelinejob.worker.engine;

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
        stages = List.copyOf(stages);
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
                implements ModelSpec {}

        /// Language model on a fixed window (Bengio et al. 2003): embedding, `layers` hidden layers, head.
        record Mlp(int layers, int width, int contextLength, int vocabularySize, double dropout) implements ModelSpec {}
    }

    /// The optimizer's fixed numbers; learning rate and coefficient come with every step.
    public sealed interface OptimizerSpec {
        record AdamW(double beta1, double beta2, double epsilon, double weightDecay) implements OptimizerSpec {}

        record Sgd(double momentum, double weightDecay) implements OptimizerSpec {}
    }
}
