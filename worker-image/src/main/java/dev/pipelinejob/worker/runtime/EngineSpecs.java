package dev.pipelinejob.worker.runtime;

import dev.pipelinejob.protocol.plan.GptSpec;
import dev.pipelinejob.protocol.plan.JobSpec;
import dev.pipelinejob.protocol.plan.MlpSpec;
import dev.pipelinejob.protocol.plan.Optimizer;
import dev.pipelinejob.worker.data.BatchSampler.Targets;
import dev.pipelinejob.worker.engine.EngineSpec;
import dev.pipelinejob.worker.engine.EngineSpec.ModelSpec;
import dev.pipelinejob.worker.engine.EngineSpec.OptimizerSpec;
import dev.pipelinejob.worker.engine.EngineSpec.StageLayers;
import dev.pipelinejob.worker.engine.catalogue.Catalogue;
import dev.pipelinejob.worker.schedule.StageLayout;
import java.util.List;

/// The job's words in the engine's.
public final class EngineSpecs {
    private EngineSpecs() {}

    /// What the engine builds for this worker's stages.
    ///
    /// @throws IllegalArgumentException when the job names no model or optimizer that this worker knows
    static EngineSpec of(JobSpec job, StageLayout layout) {
        return of(
                job,
                layout.own().stream()
                        .map(stage -> new StageLayers(stage.index(), stage.firstLayer(), stage.endLayer()))
                        .toList());
    }

    /// The job's model with all layers in one stage.
    ///
    /// @throws IllegalArgumentException when the job names no model or optimizer that this worker knows
    public static EngineSpec ofWholeModel(JobSpec job) {
        int layers = Catalogue.of(model(job.getModel())).layers().size();
        return of(job, List.of(new StageLayers(0, 0, layers)));
    }

    private static EngineSpec of(JobSpec job, List<StageLayers> stages) {
        int microBatches = job.getTraining().getMicroBatches();
        return new EngineSpec(
                model(job.getModel()),
                optimizer(job.getTraining().getOptimizer()),
                job.getTraining().getSeed(),
                job.getTraining().getBatchSize() / microBatches,
                microBatches,
                stages);
    }

    private static ModelSpec model(dev.pipelinejob.protocol.plan.ModelSpec model) {
        return switch (model.getKindCase()) {
            case GPT -> {
                GptSpec gpt = model.getGpt();
                yield new ModelSpec.Gpt(
                        gpt.getLayers(),
                        gpt.getWidth(),
                        gpt.getHeads(),
                        gpt.getContextLength(),
                        gpt.getVocabularySize(),
                        gpt.getDropout(),
                        gpt.getTieEmbeddings());
            }
            case MLP -> {
                MlpSpec mlp = model.getMlp();
                yield new ModelSpec.Mlp(
                        mlp.getLayers(),
                        mlp.getWidth(),
                        mlp.getContextLength(),
                        mlp.getVocabularySize(),
                        mlp.getDropout());
            }
            case KIND_NOT_SET -> throw new IllegalArgumentException("The job names no model that this worker knows.");
        };
    }

    private static OptimizerSpec optimizer(Optimizer optimizer) {
        return switch (optimizer.getKindCase()) {
            case ADAM_W ->
                new OptimizerSpec.AdamW(
                        optimizer.getAdamW().getBeta1(),
                        optimizer.getAdamW().getBeta2(),
                        optimizer.getAdamW().getEpsilon(),
                        optimizer.getAdamW().getWeightDecay());
            case SGD ->
                new OptimizerSpec.Sgd(
                        optimizer.getSgd().getMomentum(), optimizer.getSgd().getWeightDecay());
            case KIND_NOT_SET ->
                throw new IllegalArgumentException("The job names no optimizer that this worker knows.");
        };
    }

    static int contextLength(EngineSpec spec) {
        return switch (spec.model()) {
            case ModelSpec.Gpt gpt -> gpt.contextLength();
            case ModelSpec.Mlp mlp -> mlp.contextLength();
        };
    }

    static int vocabularySize(EngineSpec spec) {
        return switch (spec.model()) {
            case ModelSpec.Gpt gpt -> gpt.vocabularySize();
            case ModelSpec.Mlp mlp -> mlp.vocabularySize();
        };
    }

    static Targets targets(EngineSpec spec) {
        return switch (spec.model()) {
            case ModelSpec.Gpt _ -> Targets.EVERY_POSITION;
            case ModelSpec.Mlp _ -> Targets.AFTER_WINDOW;
        };
    }
}
