package dev.pipelinejob.placement.graph;

/// Where a graph's times come from: a proof about invented numbers would be a lie.
public enum CostSource {
    /// Arithmetic over the model's shapes.
    ESTIMATED,
    /// Measured on the workers.
    PROFILED
}
