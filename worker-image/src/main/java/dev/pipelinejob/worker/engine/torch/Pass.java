package dev.pipelinejob.worker.engine.torch;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/// What a stage holds for one micro-batch between its forward and the end of its backward. Every tensor in here is
/// owned: it is freed when it is replaced, taken or closed.
final class Pass implements AutoCloseable {
    /// The own autograd graph of one layer, or of the loss: cut from its neighbours, so that a stage boundary
    /// changes nothing.
    record Link(Tensor input, Tensor output) {}

    private final boolean rematerialized;
    private final List<Link> links = new ArrayList<>();
    private @Nullable Tensor input;
    private @Nullable Tensor output;
    private @Nullable Tensor targets;
    private @Nullable Tensor inputGradient;

    Pass(boolean rematerialized, Tensor input) {
        this.rematerialized = rematerialized;
        this.input = input;
    }

    boolean rematerialized() {
        return rematerialized;
    }

    List<Link> links() {
        return links;
    }

    @Nullable
    Tensor input() {
        return input;
    }

    @Nullable
    Tensor output() {
        return output;
    }

    @Nullable
    Tensor targets() {
        return targets;
    }

    @Nullable
    Tensor inputGradient() {
        return inputGradient;
    }

    void output(@Nullable Tensor next) {
        free(output);
        output = next;
    }

    void targets(@Nullable Tensor next) {
        free(targets);
        targets = next;
    }

    void inputGradient(@Nullable Tensor next) {
        free(inputGradient);
        inputGradient = next;
    }

    /// Frees everything but the input gradient.
    void endBackward() {
        while (!links.isEmpty()) {
            freeLastLink();
        }
        free(input);
        input = null;
        output(null);
        targets(null);
    }

    /// Frees the graph of the last layer that is left.
    void freeLastLink() {
        Link link = links.removeLast();
        free(link.input());
        free(link.output());
    }

    private static void free(@Nullable Tensor tensor) {
        if (tensor != null) {
            tensor.close();
        }
    }

    /// Bytes at layer boundaries; what autograd keeps inside a layer is not seen from here.
    long boundaryBytes() {
        long bytes = 0;
        for (Link link : links) {
            bytes += link.input().nbytes();
        }
        for (Tensor tensor : new @Nullable Tensor[] {links.isEmpty() ? input : null, output, inputGradient}) {
            bytes += tensor == null ? 0 : tensor.nbytes();
        }
        return bytes;
    }

    @Override
    public void close() {
        endBackward();
        inputGradient(null);
    }
}
