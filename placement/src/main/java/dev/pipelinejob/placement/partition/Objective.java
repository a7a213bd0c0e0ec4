package dev.pipelinejob.placement.partition;

/// What makes a split good.
public enum Objective {
    /// The largest load of a device, which is the time a pipeline needs for each further sample.
    THROUGHPUT,
    /// The largest forward load of a device plus the largest backward load of a device: the time that a pipeline which
    /// runs all forwards before all backwards needs for each further sample.
    DIFFMAXIMA,
    /// The time that one sample takes from start to end.
    LATENCY
}
