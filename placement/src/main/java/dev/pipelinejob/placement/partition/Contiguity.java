package dev.pipelinejob.placement.partition;

/// What the share of a device may look like.
public enum Contiguity {
    /// Devices can be put into an order in which no share reads from a later one.
    CONTIGUOUS,
    /// Any share.
    ANY
}
