package dev.pipelinejob.operator.planning;

import dev.pipelinejob.api.v1alpha1.LearningRateSchedule;
import dev.pipelinejob.api.v1alpha1.Model;
import dev.pipelinejob.api.v1alpha1.PipelineJobSpec;
import dev.pipelinejob.api.v1alpha1.Training;
import dev.pipelinejob.protocol.plan.AdamW;
import dev.pipelinejob.protocol.plan.CheckpointSpec;
import dev.pipelinejob.protocol.plan.Constant;
import dev.pipelinejob.protocol.plan.Cosine;
import dev.pipelinejob.protocol.plan.DataSpec;
import dev.pipelinejob.protocol.plan.GptSpec;
import dev.pipelinejob.protocol.plan.JobSpec;
import dev.pipelinejob.protocol.plan.MlpSpec;
import dev.pipelinejob.protocol.plan.ModelSpec;
import dev.pipelinejob.protocol.plan.Optimizer;
import dev.pipelinejob.protocol.plan.Sgd;
import dev.pipelinejob.protocol.plan.TrainingSpec;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The user's spec in the words of the protocol: everything that the result of a training depends on.
public final class JobTranslation {
    private JobTranslation() {}

    /// Who a job is.
    public record JobName(String namespace, String name, String uid) {}

    /// Where workers find what the spec names.
    ///
    /// @param text the data as the worker's file system sees it
    /// @param checkpoints the store as the worker's file system sees it
    public record WorkerPaths(String text, String checkpoints) {}

    /// The job as every worker of an attempt is told it.
    ///
    /// @param dataDigest what the data must hash to; empty when nobody knows yet
    public static JobSpec jobSpec(JobName job, PipelineJobSpec spec, WorkerPaths paths, String dataDigest) {
        Long maxBytes = spec.data().text().maxBytes();
        return JobSpec.newBuilder()
                .setNamespace(job.namespace())
                .setName(job.name())
                .setUid(job.uid())
                .setModel(model(spec.model().catalogue()))
                .setData(DataSpec.newBuilder()
                        .setTextPath(paths.text())
                        .setMaxBytes(maxBytes == null ? 0 : maxBytes)
                        .setDigest(dataDigest))
                .setTraining(training(spec.training()))
                .setCheckpoint(CheckpointSpec.newBuilder()
                        .setDirectory(paths.checkpoints())
                        .setEverySteps(spec.checkpoint().everySteps())
                        .setKeepLast(spec.checkpoint().keepLast()))
                .build();
    }

    private static ModelSpec model(Model.Catalogue catalogue) {
        Model.Gpt gpt = catalogue.gpt();
        if (gpt != null) {
            return ModelSpec.newBuilder()
                    .setGpt(GptSpec.newBuilder()
                            .setLayers(gpt.layers())
                            .setWidth(gpt.width())
                            .setHeads(gpt.heads())
                            .setContextLength(gpt.contextLength())
                            .setVocabularySize(gpt.vocabularySize())
                            .setDropout(Double.parseDouble(gpt.dropout()))
                            .setTieEmbeddings(gpt.tieEmbeddings()))
                    .build();
        }
        Model.Mlp mlp = Objects.requireNonNull(catalogue.mlp(), "catalogue.mlp");
        return ModelSpec.newBuilder()
                .setMlp(MlpSpec.newBuilder()
                        .setLayers(mlp.layers())
                        .setWidth(mlp.width())
                        .setContextLength(mlp.contextLength())
                        .setVocabularySize(mlp.vocabularySize())
                        .setDropout(Double.parseDouble(mlp.dropout())))
                .build();
    }

    private static TrainingSpec training(Training training) {
        return TrainingSpec.newBuilder()
                .setSteps(training.steps())
                .setBatchSize(training.batchSize())
                .setMicroBatches(training.microBatches())
                .setOptimizer(optimizer(training.optimizer()))
                .setLearningRateSchedule(learningRateSchedule(training.learningRateSchedule()))
                .setGradientClipNorm(number(training.gradientClipNorm()))
                .setSeed(training.seed())
                .build();
    }

    private static double number(@Nullable String text) {
        return text == null ? 0 : Double.parseDouble(text);
    }

    private static Optimizer optimizer(Training.Optimizer optimizer) {
        Training.AdamW adamW = optimizer.adamW();
        if (adamW != null) {
            return Optimizer.newBuilder()
                    .setAdamW(AdamW.newBuilder()
                            .setLearningRate(number(adamW.learningRate()))
                            .setBeta1(number(adamW.beta1()))
                            .setBeta2(number(adamW.beta2()))
                            .setEpsilon(number(adamW.epsilon()))
                            .setWeightDecay(number(adamW.weightDecay())))
                    .build();
        }
        Training.Sgd sgd = Objects.requireNonNull(optimizer.sgd(), "optimizer.sgd");
        return Optimizer.newBuilder()
                .setSgd(Sgd.newBuilder()
                        .setLearningRate(number(sgd.learningRate()))
                        .setMomentum(number(sgd.momentum()))
                        .setWeightDecay(number(sgd.weightDecay())))
                .build();
    }

    private static dev.pipelinejob.protocol.plan.LearningRateSchedule learningRateSchedule(
            LearningRateSchedule schedule) {
        LearningRateSchedule.Cosine cosine = schedule.cosine();
        return cosine == null
                ? dev.pipelinejob.protocol.plan.LearningRateSchedule.newBuilder()
                        .setConstant(Constant.getDefaultInstance())
                        .build()
                : dev.pipelinejob.protocol.plan.LearningRateSchedule.newBuilder()
                        .setCosine(Cosine.newBuilder()
                                .setWarmUpSteps(cosine.warmUpSteps())
                                .setFinalRatio(number(cosine.finalRatio())))
                        .build();
    }
}
