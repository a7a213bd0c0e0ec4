package dev.pipelinejob.worker.engine;

import dev.pipelinejob.worker.engine.EngineSpec.ModelSpec;
import dev.pipelinejob.worker.engine.EngineSpec.OptimizerSpec;
import dev.pipelinejob.worker.engine.EngineSpec.StageLayers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Supplier;

/// A whole training job on engines in one thread: what the runtime does with processes and sockets, in the plainest
/// form. Stages on the same engine hand tensors over inside it, others through buffers.
final class Pipeline implements AutoCloseable {
    /// What is trained.
    record Job(ModelSpec model, OptimizerSpec optimizer, int microBatchSize, int microBatches, double clipNorm) {}

    /// A stage and the engine that holds it.
    record Placed(int engine, int firstLayer, int endLayer) {}

    static final long SEED = 7;

    private final Job job;
    private final List<Placed> stages;
    private final List<StageEngine> engines = new ArrayList<>();
    private final boolean rematerialize;

    Pipeline(Supplier<StageEngine> newEngine, Job job, List<Placed> stages, boolean rematerialize) {
        this.job = job;
        this.stages = stages;
        this.rematerialize = rematerialize;
        int count = stages.stream().mapToInt(Placed::engine).max().orElseThrow() + 1;
        for (int engine = 0; engine < count; engine++) {
            List<StageLayers> held = new ArrayList<>();
            for (int stage = 0; stage < stages.size(); stage++) {
                if (stages.get(stage).engine() == engine) {
                    held.add(new StageLayers(
                            stage,
                            stages.get(stage).firstLayer(),
                            stages.get(stage).endLayer()));
                }
            }
            StageEngine made = newEngine.get();
            made.init(
                    new EngineSpec(job.model(), job.optimizer(), SEED, job.microBatchSize(), job.microBatches(), held));
            engines.add(made);
        }
    }

    StageEngine engineOf(int stage) {
        return engines.get(stages.get(stage).engine());
    }

    /// One step: forward and backward of every micro-batch, tied gradients, clipping, update. Returns the loss.
    double step(int step, double learningRate) {
        double loss = 0;
        for (int microBatch = 0; microBatch < job.microBatches(); microBatch++) {
            loss += forward(step, microBatch);
        }
        for (int microBatch = 0; microBatch < job.microBatches(); microBatch++) {
            backward(step, microBatch);
        }
        update(new StepNumbers(step, learningRate, coefficient(Math.sqrt(reduceAndMeasure())), false));
        return loss / job.microBatches();
    }

    double forward(int step, int microBatch) {
        for (int stage = 0; stage < stages.size(); stage++) {
            WorkKey key = new WorkKey(stage, step, microBatch);
            engineOf(stage).forward(key, forwardInput(key), rematerialize);
        }
        int last = stages.size() - 1;
        return engineOf(last).loss(new WorkKey(last, step, microBatch), targets(step, microBatch));
    }

    private Input forwardInput(WorkKey key) {
        if (key.stage() == 0) {
            return new Input.Buffer(tokens(key.step(), key.microBatch()));
        }
        int below = key.stage() - 1;
        if (engineOf(below) == engineOf(key.stage())) {
            return new Input.FromStage(below);
        }
        ByteBuffer activation = direct(engineOf(below).boundaryBytes(below, Boundary.OUTPUT));
        engineOf(below).readOutput(new WorkKey(below, key.step(), key.microBatch()), activation);
        return new Input.Buffer(activation);
    }

    void backward(int step, int microBatch) {
        for (int stage = stages.size() - 1; stage >= 0; stage--) {
            WorkKey key = new WorkKey(stage, step, microBatch);
            engineOf(stage).backward(key, upstream(key), 1.0 / job.microBatches());
        }
    }

    private Input upstream(WorkKey key) {
        int above = key.stage() + 1;
        if (above == stages.size()) {
            return new Input.None();
        }
        if (engineOf(above) == engineOf(key.stage())) {
            return new Input.FromStage(above);
        }
        ByteBuffer gradient = direct(engineOf(above).boundaryBytes(above, Boundary.INPUT));
        engineOf(above).readInputGradient(new WorkKey(above, key.step(), key.microBatch()), gradient);
        return new Input.Buffer(gradient);
    }

    /// Adds up tied gradients and returns the squared norm of all gradients.
    double reduceAndMeasure() {
        Map<String, List<Parameter>> tied = new TreeMap<>();
        for (StageEngine engine : engines) {
            for (Parameter parameter : engine.parameters()) {
                if (parameter.tiedGroup() != null) {
                    tied.computeIfAbsent(parameter.tiedGroup(), _ -> new ArrayList<>())
                            .add(parameter);
                }
            }
        }
        tied.forEach(this::reduce);
        double sum = 0;
        for (int stage = 0; stage < stages.size(); stage++) {
            for (double squares : engineOf(stage).gradientStatistics(stage)) {
                sum += squares;
            }
        }
        return sum;
    }

    private void reduce(String name, List<Parameter> uses) {
        uses.sort((left, right) -> Integer.compare(left.layer(), right.layer()));
        List<Input> gradients = new ArrayList<>();
        for (Parameter use : uses) {
            ByteBuffer gradient = direct(new StateTensor(name, 0, use.shape()).bytes());
            engineOf(use.stage()).readTiedGradient(use.stage(), name, gradient);
            gradients.add(new Input.Buffer(gradient));
        }
        for (StageEngine engine : engines) {
            List<Input> given = new ArrayList<>(gradients);
            for (int use = 0; use < given.size(); use++) {
                if (engineOf(uses.get(use).stage()) == engine) {
                    given.set(use, new Input.None());
                }
            }
            if (given.contains(new Input.None())) {
                engine.reduceTied(name, given);
            }
        }
    }

    private double coefficient(double norm) {
        return norm <= job.clipNorm() ? 1 : job.clipNorm() / (norm + 1e-6);
    }

    void update(StepNumbers numbers) {
        for (int stage = 0; stage < stages.size(); stage++) {
            engineOf(stage).step(stage, numbers);
        }
    }

    /// Every state tensor by name; a tied one as its first use has it.
    Map<String, ByteBuffer> state() {
        Map<String, ByteBuffer> state = new TreeMap<>();
        for (int stage = 0; stage < stages.size(); stage++) {
            for (StateTensor tensor : engineOf(stage).state(stage)) {
                ByteBuffer bytes = direct(tensor.bytes());
                engineOf(stage).readState(stage, tensor, bytes);
                ByteBuffer before = state.putIfAbsent(tensor.name(), bytes);
                if (before != null && !before.equals(bytes)) {
                    throw new AssertionError("The uses of " + tensor.name() + " have come apart.");
                }
            }
        }
        return state;
    }

    void load(Map<String, ByteBuffer> state) {
        for (int stage = 0; stage < stages.size(); stage++) {
            for (StateTensor tensor : engineOf(stage).state(stage)) {
                engineOf(stage).writeState(stage, tensor, Objects.requireNonNull(state.get(tensor.name())));
            }
        }
    }

    ByteBuffer tokens(int step, int microBatch) {
        return switch (job.model()) {
            case ModelSpec.Gpt gpt -> text(step, microBatch, gpt.contextLength(), gpt.vocabularySize(), 0);
            case ModelSpec.Mlp mlp -> text(step, microBatch, mlp.contextLength(), mlp.vocabularySize(), 0);
        };
    }

    ByteBuffer targets(int step, int microBatch) {
        return switch (job.model()) {
            case ModelSpec.Gpt gpt -> text(step, microBatch, gpt.contextLength(), gpt.vocabularySize(), 1);
            case ModelSpec.Mlp mlp -> text(step, microBatch, 1, mlp.vocabularySize(), mlp.contextLength());
        };
    }

    /// Something that a small model can learn: each sample counts up from its own start.
    private ByteBuffer text(int step, int microBatch, int length, int vocabulary, int offset) {
        ByteBuffer tokens = direct(4L * job.microBatchSize() * length);
        for (int sample = 0; sample < job.microBatchSize(); sample++) {
            int start = 31 * step + 17 * microBatch + 5 * sample;
            for (int position = 0; position < length; position++) {
                tokens.putInt((start + (position + offset) * (1 + sample % 2)) % vocabulary);
            }
        }
        return tokens.flip();
    }

    static ByteBuffer direct(long bytes) {
        return ByteBuffer.allocateDirect(Math.toIntExact(bytes)).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public void close() {
        engines.forEach(StageEngine::close);
    }
}
