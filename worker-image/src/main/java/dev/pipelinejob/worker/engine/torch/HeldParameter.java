package dev.pipelinejob.worker.engine.torch;

import dev.pipelinejob.worker.engine.StateTensor;
import dev.pipelinejob.worker.engine.catalogue.CounterRandom;
import dev.pipelinejob.worker.engine.catalogue.InitialValue;
import dev.pipelinejob.worker.engine.catalogue.ParameterShape;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.pytorch.Tensor;

/// One use of a parameter: its value, the accumulator that autograd adds to, and the optimizer's moments.
///
/// A tied parameter has one of these for each use, also when several uses are held together: so every layout of the
/// stages computes the same, and no stage's step changes another stage's weights.
final class HeldParameter implements AutoCloseable {
    private final ParameterShape shape;
    private final Tensor value;
    private final Tensor accumulator;
    private final Map<String, Tensor> moments = new LinkedHashMap<>();

    HeldParameter(ParameterShape shape, long jobSeed, List<String> momentNames) {
        this.shape = shape;
        value = Tensors.keep(Tensors.zeros(shape.shape()));
        accumulator = Tensors.keep(Tensors.zeros(shape.shape()));
        momentNames.forEach(name -> moments.put(name, Tensors.keep(Tensors.zeros(shape.shape()))));
        initialise(jobSeed);
        value.set_requires_grad(true);
        value.mutable_grad().put(accumulator);
    }

    private void initialise(long jobSeed) {
        FloatBuffer elements = Tensors.view(value).asFloatBuffer();
        switch (shape.initialValue()) {
            case InitialValue.Constant constant -> {
                while (elements.hasRemaining()) {
                    elements.put(constant.value());
                }
            }
            case InitialValue.Normal normal ->
                CounterRandom.ofParameter(jobSeed, shape.name()).fillNormal(elements, normal.standardDeviation());
        }
    }

    ParameterShape shape() {
        return shape;
    }

    String name() {
        return shape.name();
    }

    Tensor value() {
        return value;
    }

    Tensor accumulator() {
        return accumulator;
    }

    Tensor moment(String name) {
        return Objects.requireNonNull(moments.get(name), name);
    }

    /// The tensors that a checkpoint holds, by their names there.
    Map<String, Tensor> state() {
        Map<String, Tensor> state = new LinkedHashMap<>();
        state.put(shape.name(), value);
        moments.forEach((moment, tensor) -> state.put(shape.name() + "." + moment, tensor));
        return state;
    }

    List<StateTensor> stateTensors(int firstUseLayer) {
        return state().keySet().stream()
                .map(name -> new StateTensor(name, firstUseLayer, shape.shape()))
                .toList();
    }

    long bytes() {
        return (2L + moments.size()) * value.nbytes();
    }

    @Override
    public void close() {
        value.close();
        accumulator.close();
        moments.values().forEach(Tensor::close);
    }
}
