package dev.pipelinejob.worker.engine;

import dev.pipelinejob.worker.engine.EngineSpec.ModelSpec;
import dev.pipelinejob.worker.engine.EngineSpec.StageLayers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A small deterministic engine in plain Java, for tests of what stands around an engine. Its model: an embedding
/// summed over the window, element-wise `tanh(w · x + b)` layers, and a head that is pulled towards 1 for each target.
public final class TinyEngine implements StageEngine {
    private final TreeMap<Integer, List<TinyLayer>> stages = new TreeMap<>();
    private final Map<WorkKey, Tensor> inputs = new HashMap<>();
    private final Map<WorkKey, Tensor> outputs = new HashMap<>();
    private final Map<WorkKey, Tensor> inputGradients = new HashMap<>();
    private final Map<WorkKey, int[]> targets = new HashMap<>();
    private @Nullable EngineSpec spec;
    private int width;
    private int context;
    private int lastLayer;

    /// Floats, or the tokens as floats.
    static final class Tensor {
        private final float[] values;

        Tensor(float[] values) {
            this.values = values;
        }

        float[] values() {
            return values;
        }
    }

    @Override
    public EngineDescription describe() {
        return new EngineDescription("tiny", "tiny/1");
    }

    @Override
    public void init(EngineSpec wanted) {
        spec = wanted;
        stages.clear();
        inputs.clear();
        outputs.clear();
        inputGradients.clear();
        targets.clear();
        int layers;
        int vocabulary;
        boolean tied;
        switch (wanted.model()) {
            case ModelSpec.Gpt gpt -> {
                layers = gpt.layers();
                width = gpt.width();
                context = gpt.contextLength();
                vocabulary = gpt.vocabularySize();
                tied = gpt.tieEmbeddings();
            }
            case ModelSpec.Mlp mlp -> {
                layers = mlp.layers();
                width = mlp.width();
                context = mlp.contextLength();
                vocabulary = mlp.vocabularySize();
                tied = false;
            }
        }
        lastLayer = layers + 1;
        for (StageLayers stage : wanted.stages()) {
            List<TinyLayer> held = new ArrayList<>();
            for (int layer = stage.firstLayer(); layer < stage.endLayer(); layer++) {
                held.add(TinyLayer.of(layer, lastLayer, vocabulary, width, tied, wanted.seed()));
            }
            stages.put(stage.stage(), held);
        }
    }

    private List<TinyLayer> layers(int stage) {
        List<TinyLayer> held = stages.get(stage);
        if (held == null) {
            throw new IllegalArgumentException("Stage " + stage + " is not held here.");
        }
        return held;
    }

    @Override
    public List<Parameter> parameters() {
        List<Parameter> all = new ArrayList<>();
        stages.forEach((stage, layers) ->
                layers.forEach(layer -> layer.weights().forEach(weight -> all.add(weight.describe(stage, layer)))));
        return all;
    }

    @Override
    public long boundaryBytes(int stage, Boundary boundary) {
        List<TinyLayer> held = layers(stage);
        int batch = batch();
        if (boundary == Boundary.INPUT) {
            return (long) batch * (held.getFirst().index() == 0 ? context : width) * Float.BYTES;
        }
        return held.getLast().index() == lastLayer ? 0 : (long) batch * width * Float.BYTES;
    }

    private int batch() {
        if (spec == null) {
            throw new IllegalStateException("init comes first");
        }
        return spec.microBatchSize();
    }

    @Override
    public void forward(WorkKey key, Input input, boolean rematerialize) {
        Tensor x =
                switch (input) {
                    case Input.Buffer buffer ->
                        read(buffer.bytes(), layers(key.stage()).getFirst().index() == 0);
                    case Input.FromStage from -> take(outputs, key, from.stage());
                    case Input.None _ -> throw new IllegalArgumentException("forward needs an input");
                };
        inputs.put(key, x);
        List<Tensor> trail = run(key.stage(), x);
        if (layers(key.stage()).getLast().index() != lastLayer) {
            outputs.put(key, trail.getLast());
        }
    }

    /// Inputs of each layer, then the output.
    private List<Tensor> run(int stage, Tensor x) {
        List<Tensor> trail = new ArrayList<>(List.of(x));
        for (TinyLayer layer : layers(stage)) {
            trail.add(layer.forward(trail.getLast(), batch()));
        }
        return trail;
    }

    @Override
    public void readOutput(WorkKey key, ByteBuffer into) {
        write(required(outputs.remove(key), key), into);
    }

    @Override
    public double loss(WorkKey key, ByteBuffer wanted) {
        int[] tokens = new int[wanted.remaining() / Integer.BYTES];
        wanted.duplicate().order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(tokens);
        targets.put(key, tokens);
        List<Tensor> trail = run(key.stage(), required(inputs.get(key), key));
        return layers(key.stage()).getLast().loss(trail.get(trail.size() - 2), tokens, batch());
    }

    @Override
    public void backward(WorkKey key, Input upstream, double lossScale) {
        List<TinyLayer> held = layers(key.stage());
        List<Tensor> trail = run(key.stage(), required(inputs.remove(key), key));
        Tensor gradient =
                switch (upstream) {
                    case Input.Buffer buffer -> read(buffer.bytes(), false);
                    case Input.FromStage from -> take(inputGradients, key, from.stage());
                    case Input.None _ -> new Tensor(new float[0]);
                };
        int[] wanted = targets.remove(key);
        for (int i = held.size() - 1; i >= 0; i--) {
            TinyLayer layer = held.get(i);
            gradient = layer.index() == lastLayer
                    ? layer.lossGradient(trail.get(i), wanted == null ? new int[0] : wanted, batch(), lossScale)
                    : layer.backward(trail.get(i), trail.get(i + 1), gradient, batch());
        }
        inputGradients.put(key, gradient);
    }

    @Override
    public void readInputGradient(WorkKey key, ByteBuffer into) {
        write(required(inputGradients.remove(key), key), into);
    }

    @Override
    public void drop(WorkKey key) {
        inputs.remove(key);
        outputs.remove(key);
        inputGradients.remove(key);
        targets.remove(key);
    }

    @Override
    public void readTiedGradient(int stage, String parameter, ByteBuffer into) {
        write(new Tensor(weight(stage, parameter).gradient()), into);
    }

    @Override
    public void reduceTied(String parameter, List<Input> uses) {
        List<TinyWeight> held = new ArrayList<>();
        stages.keySet().forEach(stage -> layers(stage).forEach(layer -> layer.weights().stream()
                .filter(weight -> weight.name().equals(parameter))
                .forEach(held::add)));
        float[] sum = new float[held.getFirst().gradient().length];
        int own = 0;
        for (Input use : uses) {
            float[] addend = use instanceof Input.Buffer buffer
                    ? read(buffer.bytes(), false).values()
                    : held.get(own++).gradient();
            for (int i = 0; i < sum.length; i++) {
                sum[i] += addend[i];
            }
        }
        held.forEach(weight -> System.arraycopy(sum, 0, weight.gradient(), 0, sum.length));
    }

    private TinyWeight weight(int stage, String name) {
        return layers(stage).stream()
                .flatMap(layer -> layer.weights().stream())
                .filter(weight -> weight.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("No parameter " + name + " in stage " + stage + "."));
    }

    @Override
    public double[] gradientStatistics(int stage) {
        return layers(stage).stream()
                .flatMap(layer -> layer.weights().stream())
                .filter(TinyWeight::countsInNorm)
                .mapToDouble(TinyWeight::sumOfSquares)
                .toArray();
    }

    @Override
    public void step(int stage, StepNumbers numbers) {
        layers(stage).forEach(layer -> layer.weights().forEach(weight -> weight.step(numbers)));
    }

    @Override
    public List<StateTensor> state(int stage) {
        return layers(stage).stream()
                .flatMap(layer -> layer.weights().stream()
                        .filter(weight -> weight == weight(stage, weight.name()))
                        .flatMap(weight -> weight.state(layer).stream()))
                .toList();
    }

    @Override
    public void readState(int stage, StateTensor tensor, ByteBuffer into) {
        write(new Tensor(state(stage, tensor).getFirst()), into);
    }

    @Override
    public void writeState(int stage, StateTensor tensor, ByteBuffer from) {
        float[] values = read(from, false).values();
        state(stage, tensor).forEach(held -> System.arraycopy(values, 0, held, 0, held.length));
    }

    /// One array for each use that the stage holds.
    private List<float[]> state(int stage, StateTensor tensor) {
        return layers(stage).stream()
                .flatMap(layer -> layer.weights().stream())
                .flatMap(weight -> weight.named(tensor.name()).stream())
                .toList();
    }

    @Override
    public long nativeBytes() {
        return 0;
    }

    @Override
    public void close() {}

    private static Tensor take(Map<WorkKey, Tensor> from, WorkKey key, int stage) {
        return required(from.remove(new WorkKey(stage, key.step(), key.microBatch())), key);
    }

    private static Tensor required(@Nullable Tensor tensor, WorkKey key) {
        if (tensor == null) {
            throw new IllegalStateException("Nothing is held for " + key + ".");
        }
        return tensor;
    }

    private static Tensor read(ByteBuffer bytes, boolean tokens) {
        ByteBuffer from = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        float[] values = new float[from.remaining() / Float.BYTES];
        for (int i = 0; i < values.length; i++) {
            values[i] = tokens ? from.getInt() : from.getFloat();
        }
        return new Tensor(values);
    }

    private static void write(Tensor tensor, ByteBuffer into) {
        into.duplicate().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(tensor.values());
    }
}
