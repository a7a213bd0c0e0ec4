package dev.pipelinejob.e2e.numerics;

import dev.pipelinejob.protocol.plan.JobSpec;
import dev.pipelinejob.worker.data.BatchSampler;
import dev.pipelinejob.worker.data.DataOutcome;
import dev.pipelinejob.worker.data.DataRequest;
import dev.pipelinejob.worker.data.TokenSource;
import dev.pipelinejob.worker.engine.EngineSpec;
import dev.pipelinejob.worker.engine.EngineSpec.ModelSpec;
import dev.pipelinejob.worker.engine.EngineSpec.OptimizerSpec;
import dev.pipelinejob.worker.engine.EngineSpec.StageLayers;
import dev.pipelinejob.worker.engine.Input;
import dev.pipelinejob.worker.engine.StateTensor;
import dev.pipelinejob.worker.engine.StepNumbers;
import dev.pipelinejob.worker.engine.WorkKey;
import dev.pipelinejob.worker.engine.torch.TorchEngine;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The oracle: one engine, one loop, no plan, no transport, no runtime. Shares only the engine and the sampler with
/// what it judges; learning rate, loss and clipping are written here a second time.
final class OneProcess {
    private static final int STAGE = 0;

    private final TinyJob job;
    private final JobSpec spec;
    private final TorchEngine engine = new TorchEngine();

    private OneProcess(TinyJob job, JobSpec spec) {
        this.job = job;
        this.spec = spec;
    }

    static Outcome train(TinyJob job, Path text, Path folder) {
        OneProcess process = new OneProcess(job, job.spec(text, folder.resolve("unused")));
        DataRequest request =
                new DataRequest(text, 0, TinyJob.CONTEXT_LENGTH, TinyJob.VOCABULARY_SIZE, folder.resolve("cache"));
        try (TokenSource tokens = opened(TokenSource.open(request))) {
            return process.run(tokens);
        } finally {
            process.engine.close();
        }
    }

    private static TokenSource opened(DataOutcome outcome) {
        return switch (outcome) {
            case TokenSource tokens -> tokens;
            case DataOutcome.Refused refused -> throw new AssertionError(refused.sentence());
        };
    }

    private Outcome run(TokenSource tokens) {
        engine.init(engineSpec());
        BatchSampler sampler = new BatchSampler(
                tokens,
                new BatchSampler.Shape(
                        spec.getTraining().getSeed(),
                        TinyJob.CONTEXT_LENGTH,
                        TinyJob.BATCH_SIZE,
                        job.microBatches(),
                        BatchSampler.Targets.EVERY_POSITION));
        List<Double> losses = new ArrayList<>();
        for (int step = 1; step <= job.steps(); step++) {
            losses.add(step(sampler, step));
        }
        return new Outcome(losses, weights());
    }

    private EngineSpec engineSpec() {
        var gpt = spec.getModel().getGpt();
        var adamW = spec.getTraining().getOptimizer().getAdamW();
        return new EngineSpec(
                new ModelSpec.Gpt(
                        gpt.getLayers(),
                        gpt.getWidth(),
                        gpt.getHeads(),
                        gpt.getContextLength(),
                        gpt.getVocabularySize(),
                        gpt.getDropout(),
                        gpt.getTieEmbeddings()),
                new OptimizerSpec.AdamW(adamW.getBeta1(), adamW.getBeta2(), adamW.getEpsilon(), adamW.getWeightDecay()),
                spec.getTraining().getSeed(),
                job.microBatchSize(),
                job.microBatches(),
                List.of(new StageLayers(STAGE, 0, TinyJob.ALL_LAYERS)));
    }

    private double step(BatchSampler sampler, int step) {
        ByteBuffer inputs = direct(sampler.inputBytes());
        ByteBuffer targets = direct(sampler.targetBytes());
        double sum = 0;
        for (int microBatch = 0; microBatch < job.microBatches(); microBatch++) {
            sampler.inputs(step, microBatch, inputs.clear());
            sampler.targets(step, microBatch, targets.clear());
            WorkKey key = new WorkKey(STAGE, step, microBatch);
            engine.forward(key, new Input.Buffer(inputs), false);
            sum += engine.loss(key, targets);
            engine.backward(key, new Input.None(), 1.0 / job.microBatches());
            engine.drop(key);
        }
        tiedParameters().forEach(name -> engine.reduceTied(name, List.of(new Input.None(), new Input.None())));
        engine.step(STAGE, numbers(step));
        return sum / job.microBatches();
    }

    private List<String> tiedParameters() {
        return engine.parameters().stream()
                .map(parameter -> parameter.tiedGroup())
                .filter(group -> group != null)
                .distinct()
                .toList();
    }

    private StepNumbers numbers(int step) {
        double squares = 0;
        for (double one : engine.gradientStatistics(STAGE)) {
            squares += one;
        }
        double norm = Math.sqrt(squares);
        double clip = spec.getTraining().getGradientClipNorm();
        double coefficient = norm > clip ? clip / (norm + 1e-6) : 1.0;
        return new StepNumbers(step, learningRate(step), coefficient, false);
    }

    private double learningRate(int step) {
        double peak = spec.getTraining().getOptimizer().getAdamW().getLearningRate();
        var cosine = spec.getTraining().getLearningRateSchedule().getCosine();
        if (step <= cosine.getWarmUpSteps()) {
            return peak * step / cosine.getWarmUpSteps();
        }
        double progress = (double) (step - cosine.getWarmUpSteps()) / (job.steps() - cosine.getWarmUpSteps());
        double ratio = cosine.getFinalRatio();
        return peak * (ratio + (1 - ratio) * (1 + StrictMath.cos(Math.PI * progress)) / 2);
    }

    private Map<String, List<Integer>> weights() {
        Map<String, List<Integer>> weights = new TreeMap<>();
        List<String> parameters =
                engine.parameters().stream().map(parameter -> parameter.name()).toList();
        for (StateTensor tensor : engine.state(STAGE)) {
            if (parameters.contains(tensor.name())) {
                ByteBuffer bytes = direct(tensor.bytes());
                engine.readState(STAGE, tensor, bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN));
                weights.put(tensor.name(), Bits.of(bytes));
            }
        }
        return weights;
    }

    private static ByteBuffer direct(long bytes) {
        return ByteBuffer.allocateDirect(Math.toIntExact(bytes)).order(ByteOrder.LITTLE_ENDIAN);
    }
}
