package dev.pipelinejob.worker.engine.torch;

import dev.pipelinejob.worker.engine.Input;
import java.util.Iterator;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/// The gradient of a tied parameter: the sum over its uses, added in layer order, wherever the uses are held.
final class TiedGradient {
    private TiedGradient() {}

    /// @param held the uses held here, in layer order
    /// @param uses every use in layer order, as the engine's contract hands them over
    static void reduce(String parameter, List<HeldParameter> held, List<Input> uses) {
        long heldUses =
                uses.stream().filter(use -> !(use instanceof Input.Buffer)).count();
        if (held.isEmpty() || heldUses != held.size()) {
            throw new IllegalArgumentException("The engine holds " + held.size() + " uses of " + parameter
                    + " but was told that it holds " + heldUses + ".");
        }
        try (PointerScope _ = new PointerScope();
                AutoGradMode _ = new AutoGradMode(false)) {
            Iterator<HeldParameter> nextHeld = held.iterator();
            Tensor sum = Tensors.zeros(held.getFirst().shape().shape());
            boolean first = true;
            for (Input use : uses) {
                Tensor term = use instanceof Input.Buffer buffer
                        ? Tensors.read(
                                "gradient of " + parameter,
                                buffer.bytes(),
                                ScalarType.Float,
                                sum.sizes().vec().get())
                        : nextHeld.next().accumulator();
                if (first) {
                    sum.copy_(term);
                } else {
                    sum.add_(term);
                }
                first = false;
            }
            held.forEach(use -> use.accumulator().copy_(sum));
        }
    }
}
