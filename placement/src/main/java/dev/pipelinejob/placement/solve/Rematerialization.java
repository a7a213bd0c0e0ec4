package dev.pipelinejob.placement.solve;

/// Whether stages may trade compute for memory.
public enum Rematerialization {
    /// Off when a plan fits without it, else on.
    AUTO,
    /// On.
    ALWAYS,
    /// Off.
    NEVER
}
