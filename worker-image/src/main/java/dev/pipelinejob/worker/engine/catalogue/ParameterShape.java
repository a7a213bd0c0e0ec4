package dev.pipelinejob.worker.engine.catalogue;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// A parameter of a layer, before an engine has made it.
///
/// @param name unique in the job, dotted as a PyTorch module would name it; the same for all uses of a tied parameter
/// @param attribute the name that the layer's own computation knows it by
/// @param shape row-major sizes
/// @param initialValue how it starts
/// @param tied true when several layers use this parameter
/// @param firstUse true in the first layer that uses it
public record ParameterShape(
        String name, String attribute, List<Long> shape, InitialValue initialValue, boolean tied, boolean firstUse) {
    public ParameterShape {
        shape = List.copyOf(shape);
    }

    /// A parameter that one layer uses; its attribute is the part of the name after `prefix`, with underscores.
    static ParameterShape of(String prefix, String name, InitialValue initialValue, long... shape) {
        List<Long> sizes = Arrays.stream(shape).boxed().toList();
        return new ParameterShape(prefix + "." + name, name.replace('.', '_'), sizes, initialValue, false, true);
    }

    /// The same parameter as one of several uses.
    ParameterShape tiedUse(boolean first) {
        return new ParameterShape(name, attribute, shape, initialValue, true, first);
    }

    /// Weight decay follows GPT-2's practice: matrices (embeddings too) decay; biases and norms do not.
    public boolean decays() {
        return shape.size() >= 2;
    }

    public long elements() {
        return shape.stream().mapToLong(Long::longValue).reduce(1, Math::multiplyExact);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%s %s", name, shape);
    }
}
