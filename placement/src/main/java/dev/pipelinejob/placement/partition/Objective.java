package dev.pipelinejob.placement.partition;

/// What makes a split good.
public enum Objective {
    /// The largest load of a device, which is the time a pipeline needs for each further sample.
    THROUGHPUT,
    /// The time that one sample takes from start to end.
    LATENCY
}
