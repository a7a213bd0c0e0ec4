package dev.pipelinejob.placement.topology;

/// A part of the tree of machines: a domain with children, or a slot that computes.
public sealed interface Node permits Domain, Slot {
    /// Unique within its topology.
    String name();
}
