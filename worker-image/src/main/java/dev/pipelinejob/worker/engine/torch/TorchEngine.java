package dev.pipelinejob.worker.engine.torch;

import dev.pipelinejob.worker.engine.Boundary;
import dev.pipelinejob.worker.engine.EngineDescription;
import dev.pipelinejob.worker.engine.EngineSpec;
import dev.pipelinejob.worker.engine.EngineSpec.StageLayers;
import dev.pipelinejob.worker.engine.Input;
import dev.pipelinejob.worker.engine.Parameter;
import dev.pipelinejob.worker.engine.StageEngine;
import dev.pipelinejob.worker.engine.StateTensor;
import dev.pipelinejob.worker.engine.StepNumbers;
import dev.pipelinejob.worker.engine.WorkKey;
import dev.pipelinejob.worker.engine.catalogue.Catalogue;
import dev.pipelinejob.worker.engine.catalogue.LayerShape;
import dev.pipelinejob.worker.engine.catalogue.ParameterShape;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/// {@link StageEngine} on libtorch, on the CPU in float32 with one thread.
///
/// Weight decay follows GPT-2's practice: matrices, embeddings included, decay; biases and norms do not. Several
/// engines may live in one process, each on its own thread.
public final class TorchEngine implements StageEngine {
    private final Map<Integer, HeldStage> stages = new TreeMap<>();
    private @Nullable Thread preparedThread;
    private @Nullable Model model;

    /// What {@link #init} was given.
    private record Model(EngineSpec spec, Catalogue catalogue) {}

    /// Loads the native library, from any thread; an engine that needs it meanwhile waits until it is there.
    public static void loadLibrary() {
        String _ = Libtorch.fingerprint();
    }

    @Override
    public EngineDescription describe() {
        return new EngineDescription("libtorch", Libtorch.fingerprint());
    }

    @Override
    public void init(EngineSpec spec) {
        close();
        enter();
        Catalogue catalogue = Catalogue.of(spec.model());
        spec.requireLayers(catalogue.layers().size());
        model = new Model(spec, catalogue);
        try (PointerScope _ = new PointerScope()) {
            for (StageLayers held : spec.stages()) {
                stages.put(held.stage(), build(spec, catalogue, held));
            }
        }
    }

    private static HeldStage build(EngineSpec spec, Catalogue catalogue, StageLayers held) {
        List<String> moments = TorchOptimizer.moments(spec.optimizer());
        List<TorchLayer> layers = new ArrayList<>();
        for (LayerShape shape : catalogue.layers().subList(held.firstLayer(), held.endLayer())) {
            layers.add(new TorchLayer(spec, shape, catalogue.dropout(), moments));
        }
        JitModule loss = null;
        if (held.endLayer() == catalogue.layers().size()) {
            loss = TorchLayer.newModule("Loss");
            TorchLayer.define(loss, LayerSource.LOSS);
        }
        return new HeldStage(held.stage(), layers, loss, new TorchOptimizer(spec.optimizer()));
    }

    /// Some of libtorch's switches belong to a thread, and an engine may be made on another than it runs on.
    private void enter() {
        if (preparedThread != Thread.currentThread()) {
            Libtorch.prepareThread();
            preparedThread = Thread.currentThread();
        }
    }

    private HeldStage stage(int stage) {
        HeldStage held = stages.get(stage);
        if (held == null) {
            throw new IllegalArgumentException(
                    "Stage " + stage + " is not held by this engine, which holds stages " + stages.keySet() + ".");
        }
        enter();
        return held;
    }

    private Model model() {
        if (model == null) {
            throw new IllegalStateException("The engine holds no model: call init first.");
        }
        return model;
    }

    @Override
    public List<Parameter> parameters() {
        return stages.values().stream()
                .flatMap(stage -> stage.layers().stream().flatMap(layer -> layer.parameters().stream()
                        .map(parameter -> describe(stage, layer, parameter.shape()))))
                .sorted(Comparator.comparingInt(Parameter::layer))
                .toList();
    }

    private static Parameter describe(HeldStage stage, TorchLayer layer, ParameterShape shape) {
        return new Parameter(
                stage.stage(),
                layer.shape().index(),
                shape.name(),
                shape.shape(),
                shape.tied() ? shape.name() : null,
                shape.firstUse());
    }

    @Override
    public long boundaryBytes(int stage, Boundary boundary) {
        HeldStage held = stage(stage);
        List<LayerShape> layers = model().catalogue().layers();
        long samples = model().spec().microBatchSize();
        return switch (boundary) {
            case INPUT -> {
                int first = held.layers().getFirst().shape().index();
                yield Float.BYTES
                        * samples
                        * (first == 0
                                ? model().catalogue().tokensPerSample()
                                : layers.get(first - 1).outputElements());
            }
            case OUTPUT ->
                held.isLast()
                        ? 0
                        : Float.BYTES
                                * samples
                                * held.layers().getLast().shape().outputElements();
        };
    }

    @Override
    public void forward(WorkKey key, Input input, boolean rematerialize) {
        HeldStage held = stage(key.stage());
        try (PointerScope _ = new PointerScope()) {
            held.forward(key, forwardInput(held, key, input), rematerialize);
        }
    }

    private Tensor forwardInput(HeldStage held, WorkKey key, Input input) {
        return switch (input) {
            case Input.Buffer buffer -> Tensors.keep(held.readsTokens() ? tokens(buffer.bytes()) : input(held, buffer));
            case Input.FromStage from -> {
                HeldStage producer = stage(from.stage());
                WorkKey producerKey = new WorkKey(from.stage(), key.step(), key.microBatch());
                yield Tensors.keep(producer.handOverOutput(producerKey).detach());
            }
            case Input.None _ ->
                throw new IllegalArgumentException("The forward of stage " + key.stage() + " needs an input.");
        };
    }

    private Tensor tokens(ByteBuffer bytes) {
        Catalogue catalogue = model().catalogue();
        Tokens.requireInRange("token", bytes, catalogue.vocabularySize());
        return Tensors.read(
                "tokens", bytes, ScalarType.Int, model().spec().microBatchSize(), catalogue.tokensPerSample());
    }

    private Tensor input(HeldStage held, Input.Buffer buffer) {
        int first = held.layers().getFirst().shape().index();
        LayerShape below = model().catalogue().layers().get(first - 1);
        long[] sizes = held.layers().getFirst().batched(below.outputShape());
        return Tensors.read("input of stage " + held.stage(), buffer.bytes(), ScalarType.Float, sizes);
    }

    @Override
    public void readOutput(WorkKey key, ByteBuffer into) {
        HeldStage held = stage(key.stage());
        try (PointerScope _ = new PointerScope()) {
            Tensors.write("output of stage " + key.stage(), held.handOverOutput(key), into);
        }
    }

    @Override
    public double loss(WorkKey key, ByteBuffer targets) {
        HeldStage held = stage(key.stage());
        Catalogue catalogue = model().catalogue();
        Tokens.requireInRange("target", targets, catalogue.vocabularySize());
        try (PointerScope _ = new PointerScope()) {
            Tensor read = Tensors.read(
                    "targets", targets, ScalarType.Int, model().spec().microBatchSize(), catalogue.targetsPerSample());
            return held.loss(key, Tensors.keep(read));
        }
    }

    @Override
    public void backward(WorkKey key, Input upstream, double lossScale) {
        HeldStage held = stage(key.stage());
        try (PointerScope _ = new PointerScope()) {
            held.backward(key, upstream(held, key, upstream, lossScale));
        }
    }

    private Tensor upstream(HeldStage held, WorkKey key, Input upstream, double lossScale) {
        return switch (upstream) {
            case Input.None _ -> {
                if (!held.isLast()) {
                    throw new IllegalArgumentException("Stage " + key.stage() + " needs the gradient of its output.");
                }
                yield Tensors.keep(torch.full(new long[0], new Scalar((float) lossScale)));
            }
            case Input.Buffer buffer -> {
                TorchLayer last = held.layers().getLast();
                long[] sizes = last.batched(last.shape().outputShape());
                yield Tensors.keep(Tensors.read(
                        "gradient of the output of stage " + key.stage(), buffer.bytes(), ScalarType.Float, sizes));
            }
            case Input.FromStage from ->
                stage(from.stage()).takeInputGradient(new WorkKey(from.stage(), key.step(), key.microBatch()));
        };
    }

    @Override
    public void readInputGradient(WorkKey key, ByteBuffer into) {
        HeldStage held = stage(key.stage());
        try (PointerScope _ = new PointerScope();
                Tensor gradient = held.takeInputGradient(key)) {
            Tensors.write("gradient of the input of stage " + key.stage(), gradient, into);
        }
    }

    @Override
    public void drop(WorkKey key) {
        stage(key.stage()).drop(key);
    }

    @Override
    public void readTiedGradient(int stage, String parameter, ByteBuffer into) {
        HeldStage held = stage(stage);
        try (PointerScope _ = new PointerScope()) {
            Tensors.write(
                    "gradient of " + parameter, held.tied(parameter).getFirst().accumulator(), into);
        }
    }

    @Override
    public void reduceTied(String parameter, List<Input> uses) {
        enter();
        List<HeldParameter> held = stages.values().stream()
                .flatMap(stage -> stage.tied(parameter).stream())
                .toList();
        TiedGradient.reduce(parameter, held, uses);
    }

    @Override
    public double[] gradientStatistics(int stage) {
        HeldStage held = stage(stage);
        return held.optimizer()
                .sumsOfSquares(held.parameters().stream()
                        .filter(parameter -> parameter.shape().firstUse())
                        .toList());
    }

    @Override
    public void step(int stage, StepNumbers numbers) {
        HeldStage held = stage(stage);
        held.optimizer().step(held.parameters(), numbers);
    }

    @Override
    public List<StateTensor> state(int stage) {
        return stage(stage).stateTensors(model().catalogue());
    }

    @Override
    public void readState(int stage, StateTensor tensor, ByteBuffer into) {
        HeldStage held = stage(stage);
        try (PointerScope _ = new PointerScope()) {
            Tensors.write(tensor.name(), held.stateTensor(tensor.name()).getFirst(), into);
        }
    }

    @Override
    public void writeState(int stage, StateTensor tensor, ByteBuffer from) {
        HeldStage held = stage(stage);
        held.stateTensor(tensor.name()).forEach(target -> Tensors.overwrite(tensor.name(), target, from));
    }

    @Override
    public long nativeBytes() {
        return stages.values().stream().mapToLong(HeldStage::bytes).sum();
    }

    @Override
    public void close() {
        stages.values().forEach(HeldStage::close);
        stages.clear();
        model = null;
    }
}
