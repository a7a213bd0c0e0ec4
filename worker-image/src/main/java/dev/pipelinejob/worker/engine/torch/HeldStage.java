package dev.pipelinejob.worker.engine.torch;

import dev.pipelinejob.worker.engine.StateTensor;
import dev.pipelinejob.worker.engine.WorkKey;
import dev.pipelinejob.worker.engine.catalogue.Catalogue;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/// The layers of one stage and what they hold for the micro-batches in flight.
final class HeldStage implements AutoCloseable {
    private final int stage;
    private final boolean readsTokens;
    private final List<TorchLayer> layers;
    private final List<HeldParameter> parameters;
    private final @Nullable JitModule loss;
    private final TorchOptimizer optimizer;
    private final Map<WorkKey, Pass> passes = new HashMap<>();

    /// @param loss the loss when this is the last stage, else null; owned by this stage
    HeldStage(int stage, List<TorchLayer> layers, @Nullable JitModule loss, TorchOptimizer optimizer) {
        this.stage = stage;
        this.layers = layers;
        this.loss = loss;
        this.optimizer = optimizer;
        readsTokens = layers.getFirst().shape().index() == 0;
        parameters =
                layers.stream().flatMap(layer -> layer.parameters().stream()).toList();
    }

    int stage() {
        return stage;
    }

    boolean readsTokens() {
        return readsTokens;
    }

    boolean isLast() {
        return loss != null;
    }

    List<TorchLayer> layers() {
        return layers;
    }

    List<HeldParameter> parameters() {
        return parameters;
    }

    TorchOptimizer optimizer() {
        return optimizer;
    }

    Pass pass(WorkKey key) {
        Pass pass = passes.get(key);
        if (pass == null) {
            throw new IllegalStateException("Stage " + key.stage() + " holds nothing for step " + key.step()
                    + ", micro-batch " + key.microBatch() + ": run its forward first.");
        }
        return pass;
    }

    void drop(WorkKey key) {
        Pass pass = passes.remove(key);
        if (pass != null) {
            pass.close();
        }
    }

    /// @param input owned by the stage from here on
    void forward(WorkKey key, Tensor input, boolean rematerialize) {
        drop(key);
        Pass pass = new Pass(rematerialize, input);
        passes.put(key, pass);
        if (rematerialize) {
            pass.output(withoutGraph(key, input));
        } else {
            withGraph(key, pass, input);
            pass.output(Tensors.keep(new Tensor(pass.links().getLast().output())));
        }
    }

    private Tensor withoutGraph(WorkKey key, Tensor input) {
        try (AutoGradMode _ = new AutoGradMode(false)) {
            Tensor current = layers.getFirst().forward(input, key);
            for (TorchLayer layer : layers.subList(1, layers.size())) {
                Tensor next = layer.forward(current, key);
                current.close();
                current = next;
            }
            return current;
        }
    }

    private void withGraph(WorkKey key, Pass pass, Tensor input) {
        try (AutoGradMode _ = new AutoGradMode(true)) {
            Tensor current = input;
            for (TorchLayer layer : layers) {
                Tensor leaf = Tensors.keep(current.detach());
                leaf.set_requires_grad(layer.shape().index() > 0);
                Tensor output = layer.forward(leaf, key);
                pass.links().add(new Pass.Link(leaf, output));
                current = output;
            }
        }
    }

    /// @param targets owned by the stage from here on
    double loss(WorkKey key, Tensor targets) {
        Pass pass = pass(key);
        Tensor logits = pass.output();
        if (logits == null) {
            throw new IllegalStateException("The loss of " + key + " comes after forward and before backward.");
        }
        pass.targets(targets);
        if (pass.rematerialized()) {
            try (AutoGradMode _ = new AutoGradMode(false);
                    Tensor mean = meanLoss(logits, targets)) {
                pass.output(null);
                return mean.item_float();
            }
        }
        return addLossLink(pass, logits, targets).item_float();
    }

    private Tensor addLossLink(Pass pass, Tensor logits, Tensor targets) {
        try (AutoGradMode _ = new AutoGradMode(true)) {
            Tensor leaf = Tensors.keep(logits.detach());
            leaf.set_requires_grad(true);
            Tensor mean = meanLoss(leaf, targets);
            pass.links().add(new Pass.Link(leaf, mean));
            return mean;
        }
    }

    private Tensor meanLoss(Tensor logits, Tensor targets) {
        if (loss == null) {
            throw new IllegalStateException("Stage " + stage + " is not the last stage, so it has no loss.");
        }
        try (PointerScope _ = new PointerScope()) {
            IValueVector arguments = new IValueVector(new IValue(logits), new IValue(targets));
            return Tensors.keep(new Tensor(loss.forward(arguments).toTensor()));
        }
    }

    /// @param upstream gradient of the output, owned by this call; the scale of the loss on the last stage
    void backward(WorkKey key, Tensor upstream) {
        Pass pass = pass(key);
        if (isLast() && pass.targets() == null) {
            throw new IllegalStateException("The backward of " + key + " starts at its loss, which was not computed.");
        }
        if (pass.rematerialized()) {
            computeAgain(key, pass);
        }
        Tensor gradient = upstream;
        while (!pass.links().isEmpty()) {
            Pass.Link link = pass.links().getLast();
            Tensor next = backward(link, gradient);
            gradient.close();
            gradient = next;
            pass.freeLastLink();
        }
        pass.endBackward();
        pass.inputGradient(gradient);
        if (readsTokens) {
            drop(key);
        }
    }

    private void computeAgain(WorkKey key, Pass pass) {
        Tensor input = pass.input();
        if (input == null) {
            throw new IllegalStateException("The backward of " + key + " ran already.");
        }
        withGraph(key, pass, input);
        Tensor targets = pass.targets();
        if (targets != null) {
            addLossLink(pass, pass.links().getLast().output(), targets);
        }
    }

    /// Back-propagates through one layer; parameters' gradients go to their accumulators. The result is owned by the
    /// caller; where the input are tokens it is an undefined tensor.
    private static Tensor backward(Pass.Link link, Tensor gradient) {
        try (PointerScope _ = new PointerScope()) {
            torch.backward(
                    new TensorVector(link.output()),
                    new TensorVector(gradient),
                    new BoolOptional(false),
                    false,
                    new TensorVector());
            // A copy of the handle: the original lives inside the input, which is freed next.
            return Tensors.keep(new Tensor(link.input().grad()));
        }
    }

    /// The output for whoever takes it next. A rematerialized pass does not need it again; the last stage's loss does.
    Tensor handOverOutput(WorkKey key) {
        Pass pass = pass(key);
        Tensor output = pass.output();
        if (output == null || isLast()) {
            throw new IllegalStateException("Stage " + key.stage() + " has no output to give for step " + key.step()
                    + ", micro-batch " + key.microBatch() + (isLast() ? ": it ends in the loss." : "."));
        }
        Tensor handle = new Tensor(output);
        if (pass.rematerialized()) {
            pass.output(null);
        }
        return handle;
    }

    /// The gradient of the input, owned by the caller; what the micro-batch held is freed.
    Tensor takeInputGradient(WorkKey key) {
        Tensor gradient = pass(key).inputGradient();
        if (gradient == null) {
            throw new IllegalStateException("Stage " + key.stage() + " has no input gradient for step " + key.step()
                    + ", micro-batch " + key.microBatch() + ": run its backward first.");
        }
        Tensor taken = Tensors.keep(new Tensor(gradient));
        drop(key);
        return taken;
    }

    /// The uses of a tied parameter that this stage holds, in layer order.
    List<HeldParameter> tied(String name) {
        return parameters.stream()
                .filter(parameter ->
                        parameter.shape().tied() && parameter.name().equals(name))
                .toList();
    }

    List<StateTensor> stateTensors(Catalogue catalogue) {
        return parameters.stream()
                .flatMap(parameter -> parameter.stateTensors(catalogue.firstUse(parameter.name())).stream())
                .distinct()
                .toList();
    }

    /// The tensors of that name: several when the stage holds several uses of a tied parameter.
    List<Tensor> stateTensor(String name) {
        List<Tensor> found = parameters.stream()
                .map(parameter -> parameter.state().get(name))
                .filter(Objects::nonNull)
                .toList();
        if (found.isEmpty()) {
            throw new IllegalArgumentException("Stage " + stage + " holds no tensor " + name + ".");
        }
        return found;
    }

    long bytes() {
        long bytes = 0;
        for (HeldParameter parameter : parameters) {
            bytes += parameter.bytes();
        }
        for (Pass pass : passes.values()) {
            bytes += pass.boundaryBytes();
        }
        return bytes;
    }

    @Override
    public void close() {
        passes.values().forEach(Pass::close);
        passes.clear();
        layers.forEach(TorchLayer::close);
        optimizer.close();
        if (loss != null) {
            loss.close();
        }
    }
}
