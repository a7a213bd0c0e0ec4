package dev.pipelinejob.e2e.numerics;

import dev.pipelinejob.protocol.plan.AdamW;
import dev.pipelinejob.protocol.plan.CheckpointSpec;
import dev.pipelinejob.protocol.plan.Cosine;
import dev.pipelinejob.protocol.plan.DataSpec;
import dev.pipelinejob.protocol.plan.GptSpec;
import dev.pipelinejob.protocol.plan.JobSpec;
import dev.pipelinejob.protocol.plan.LearningRateSchedule;
import dev.pipelinejob.protocol.plan.ModelSpec;
import dev.pipelinejob.protocol.plan.Optimizer;
import dev.pipelinejob.protocol.plan.TrainingSpec;
import java.nio.file.Path;

/// A GPT small enough to train in a second, with everything on that could make a cut visible: dropout, clipping that
/// bites, warm-up, weight decay.
record TinyJob(int microBatches, boolean tieEmbeddings, int steps, int everySteps) {
    static final int LAYERS = 4;
    static final int WIDTH = 32;
    static final int CONTEXT_LENGTH = 16;
    static final int VOCABULARY_SIZE = 256;
    static final int BATCH_SIZE = 8;
    /// Embedding, blocks, head.
    static final int ALL_LAYERS = LAYERS + 2;

    private static final int HEADS = 4;
    private static final double DROPOUT = 0.1;
    private static final double CLIP_NORM = 0.5;
    private static final double LEARNING_RATE = 3e-3;
    private static final long SEED = 20_260_101L;

    int microBatchSize() {
        return BATCH_SIZE / microBatches;
    }

    /// @param text the data
    /// @param store folder of the checkpoints
    JobSpec spec(Path text, Path store) {
        return JobSpec.newBuilder()
                .setNamespace("e2e")
                .setName("tiny")
                .setUid("tiny-uid")
                .setModel(ModelSpec.newBuilder()
                        .setGpt(GptSpec.newBuilder()
                                .setLayers(LAYERS)
                                .setWidth(WIDTH)
                                .setHeads(HEADS)
                                .setContextLength(CONTEXT_LENGTH)
                                .setVocabularySize(VOCABULARY_SIZE)
                                .setDropout(DROPOUT)
                                .setTieEmbeddings(tieEmbeddings)))
                .setData(DataSpec.newBuilder().setTextPath(text.toString()))
                .setTraining(training())
                .setCheckpoint(CheckpointSpec.newBuilder()
                        .setDirectory(store.toString())
                        .setEverySteps(everySteps)
                        .setKeepLast(3))
                .build();
    }

    private TrainingSpec training() {
        return TrainingSpec.newBuilder()
                .setSteps(steps)
                .setBatchSize(BATCH_SIZE)
                .setMicroBatches(microBatches)
                .setOptimizer(Optimizer.newBuilder()
                        .setAdamW(AdamW.newBuilder()
                                .setLearningRate(LEARNING_RATE)
                                .setBeta1(0.9)
                                .setBeta2(0.95)
                                .setEpsilon(1e-8)
                                .setWeightDecay(0.1)))
                .setLearningRateSchedule(LearningRateSchedule.newBuilder()
                        .setCosine(Cosine.newBuilder().setWarmUpSteps(2).setFinalRatio(0.1)))
                .setGradientClipNorm(CLIP_NORM)
                .setSeed(SEED)
                .build();
    }
}
