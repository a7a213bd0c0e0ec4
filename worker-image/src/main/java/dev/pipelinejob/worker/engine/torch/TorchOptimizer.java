package dev.pipelinejob.worker.engine.torch;

import dev.pipelinejob.worker.engine.EngineSpec.OptimizerSpec;
import dev.pipelinejob.worker.engine.EngineSpec.OptimizerSpec.AdamW;
import dev.pipelinejob.worker.engine.EngineSpec.OptimizerSpec.Sgd;
import dev.pipelinejob.worker.engine.StepNumbers;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// The optimizer of one stage: `torch.optim`'s arithmetic by the fused kernels that `torch.optim` itself calls. They
/// work through one tensor after the other, so what a parameter becomes does not depend on its neighbours.
final class TorchOptimizer implements AutoCloseable {
    private static final String ADAM_W = """
            def forward(self, values: List[Tensor], gradients: List[Tensor], averages: List[Tensor],
                        squares: List[Tensor], steps: List[Tensor], rate: float, decay: float):
                torch._fused_adamw_(values, gradients, averages, squares, [], steps, lr=rate, beta1=BETA1,
                                    beta2=BETA2, weight_decay=decay, eps=EPSILON, amsgrad=False, maximize=False)
            """;

    private static final String SGD = """
            def forward(self, values: List[Tensor], gradients: List[Tensor], momenta: List[Tensor], rate: float,
                        decay: float):
                torch._fused_sgd_(values, gradients, momenta, weight_decay=decay, momentum=MOMENTUM, lr=rate,
                                  dampening=0.0, nesterov=False, maximize=False, is_first_step=False)
            """;

    private static final String SUMS_OF_SQUARES = """
            def forward(self, gradients: List[Tensor]) -> Tensor:
                return torch.stack([torch.sum(torch.square(gradient.double())) for gradient in gradients])
            """;

    private static final String SCALE = """
            def forward(self, gradients: List[Tensor], coefficient: float):
                torch._foreach_mul_(gradients, coefficient)
            """;

    private static final String CLEAR = """
            def forward(self, gradients: List[Tensor]):
                torch._foreach_zero_(gradients)
            """;

    private final OptimizerSpec spec;
    private final JitModule update;
    private final JitModule sumsOfSquares = compiled("SumsOfSquares", SUMS_OF_SQUARES);
    private final JitModule scale = compiled("Scale", SCALE);
    private final JitModule clear = compiled("Clear", CLEAR);

    TorchOptimizer(OptimizerSpec spec) {
        this.spec = spec;
        update = switch (spec) {
            case AdamW adamW ->
                compiled(
                        "AdamW",
                        ADAM_W.replace("BETA1", Double.toString(adamW.beta1()))
                                .replace("BETA2", Double.toString(adamW.beta2()))
                                .replace("EPSILON", Double.toString(adamW.epsilon())));
            case Sgd sgd -> compiled("Sgd", SGD.replace("MOMENTUM", Double.toString(sgd.momentum())));
        };
    }

    private static JitModule compiled(String name, String source) {
        JitModule module = TorchLayer.newModule(name);
        TorchLayer.define(module, source);
        return module;
    }

    /// Names of the moments that a parameter has, as `torch.optim` calls them.
    static List<String> moments(OptimizerSpec spec) {
        return switch (spec) {
            case AdamW _ -> List.of("exp_avg", "exp_avg_sq");
            case Sgd sgd -> sgd.momentum() == 0 ? List.of() : List.of("momentum_buffer");
        };
    }

    double[] sumsOfSquares(List<HeldParameter> parameters) {
        if (parameters.isEmpty()) {
            return new double[0];
        }
        try (PointerScope _ = new PointerScope();
                AutoGradMode _ = new AutoGradMode(false)) {
            Tensor sums = sumsOfSquares
                    .forward(new IValueVector(gradients(parameters)))
                    .toTensor();
            double[] result = new double[parameters.size()];
            Tensors.view(sums).asDoubleBuffer().get(result);
            return result;
        }
    }

    void step(List<HeldParameter> parameters, StepNumbers numbers) {
        try (PointerScope _ = new PointerScope();
                AutoGradMode _ = new AutoGradMode(false)) {
            if (!numbers.skip()) {
                if (numbers.coefficient() != 1.0) {
                    scale.forward(new IValueVector(gradients(parameters), new IValue(numbers.coefficient())));
                }
                List<HeldParameter> decaying = parameters.stream()
                        .filter(parameter -> parameter.shape().decays())
                        .toList();
                List<HeldParameter> others = parameters.stream()
                        .filter(parameter -> !parameter.shape().decays())
                        .toList();
                update(decaying, numbers, spec.weightDecay());
                update(others, numbers, 0);
            }
            clear.forward(new IValueVector(gradients(parameters)));
        }
    }

    private void update(List<HeldParameter> group, StepNumbers numbers, double decay) {
        if (group.isEmpty()) {
            return;
        }
        IValueVector arguments = new IValueVector(
                Tensors.list(group.stream().map(HeldParameter::value).toList()), gradients(group));
        for (String moment : moments(spec)) {
            arguments.push_back(Tensors.list(
                    group.stream().map(parameter -> parameter.moment(moment)).toList()));
        }
        switch (spec) {
            case AdamW _ -> {
                Tensor step = torch.full(new long[0], new Scalar((float) numbers.step()));
                arguments.push_back(Tensors.list(group.stream().map(_ -> step).toList()));
            }
            case Sgd sgd -> {
                if (sgd.momentum() == 0) {
                    arguments.push_back(Tensors.list(List.of()));
                }
            }
        }
        arguments.push_back(new IValue(numbers.learningRate()));
        arguments.push_back(new IValue(decay));
        update.forward(arguments);
    }

    private static IValue gradients(List<HeldParameter> parameters) {
        return Tensors.list(parameters.stream().map(HeldParameter::accumulator).toList());
    }

    @Override
    public void close() {
        update.close();
        sumsOfSquares.close();
        scale.close();
        clear.close();
    }
}
