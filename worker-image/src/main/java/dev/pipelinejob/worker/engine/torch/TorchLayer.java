package dev.pipelinejob.worker.engine.torch;

import dev.pipelinejob.worker.engine.EngineSpec;
import dev.pipelinejob.worker.engine.WorkKey;
import dev.pipelinejob.worker.engine.catalogue.CounterRandom;
import dev.pipelinejob.worker.engine.catalogue.LayerShape;
import java.util.List;
import java.util.stream.LongStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.QualifiedName;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/// A layer as one compiled module with its parameters.
final class TorchLayer implements AutoCloseable {
    /// The compiler's tables are shared by all modules of the process.
    private static final Object COMPILER = new Object();

    private final EngineSpec spec;
    private final LayerShape shape;
    private final double dropout;
    private final List<HeldParameter> parameters;
    private final JitModule module;

    TorchLayer(EngineSpec spec, LayerShape shape, double dropout, List<String> momentNames) {
        this.spec = spec;
        this.shape = shape;
        this.dropout = dropout;
        parameters = shape.parameters().stream()
                .map(parameter -> new HeldParameter(parameter, spec.seed(), momentNames))
                .toList();
        module = compile();
    }

    private JitModule compile() {
        JitModule compiled = newModule("Layer");
        parameters.forEach(
                parameter -> compiled.register_parameter(parameter.shape().attribute(), parameter.value(), false));
        if (shape.kind() == LayerShape.Kind.BLOCK && dropout > 0) {
            long length = shape.outputShape().getFirst();
            compiled.register_buffer("causal", causalMask(length));
        }
        define(compiled, LayerSource.of(spec.model(), shape));
        return compiled;
    }

    static JitModule newModule(String name) {
        JitModule module = new JitModule(new QualifiedName(name));
        module.retainReference();
        return module;
    }

    static void define(JitModule module, String source) {
        synchronized (COMPILER) {
            module.define(source);
        }
    }

    /// 0 where a token may look, minus infinity where it must not.
    private static Tensor causalMask(long length) {
        Tensor forbidden = torch.full(new long[] {1, length, length}, new Scalar(Float.NEGATIVE_INFINITY));
        return torch.triu(forbidden, 1);
    }

    /// Computes the layer. The result belongs to the caller, who must close it.
    Tensor forward(Tensor input, WorkKey key) {
        try (PointerScope _ = new PointerScope()) {
            IValueVector arguments = new IValueVector();
            arguments.push_back(new IValue(input));
            for (int site = 0; site < shape.maskShapes().size(); site++) {
                arguments.push_back(new IValue(mask(key, site)));
            }
            return Tensors.keep(new Tensor(module.forward(arguments).toTensor()));
        }
    }

    private Tensor mask(WorkKey key, int site) {
        long[] sizes = batched(shape.maskShapes().get(site));
        Tensor mask = Tensors.empty(ScalarType.Float, sizes);
        long counter = (long) key.step() * spec.microBatches() + key.microBatch();
        CounterRandom.ofDropout(spec.seed(), counter, shape.index(), site)
                .fillMask(Tensors.view(mask).asFloatBuffer(), dropout);
        return mask;
    }

    /// The sizes of a micro-batch's tensor.
    long[] batched(List<Long> sampleShape) {
        return LongStream.concat(
                        LongStream.of(spec.microBatchSize()),
                        sampleShape.stream().mapToLong(Long::longValue))
                .toArray();
    }

    LayerShape shape() {
        return shape;
    }

    List<HeldParameter> parameters() {
        return parameters;
    }

    @Override
    public void close() {
        module.close();
        parameters.forEach(HeldParameter::close);
    }
}
