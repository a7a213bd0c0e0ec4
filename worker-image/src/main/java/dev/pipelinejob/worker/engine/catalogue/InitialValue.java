package dev.pipelinejob.worker.engine.catalogue;

/// How a parameter starts.
public sealed interface InitialValue {
    /// Every element is `value`.
    record Constant(float value) implements InitialValue {}

    /// Independent draws from a normal distribution of mean 0, in row-major order.
    record Normal(double standardDeviation) implements InitialValue {}
}
