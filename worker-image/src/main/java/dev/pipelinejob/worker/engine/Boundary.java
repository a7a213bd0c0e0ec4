package dev.pipelinejob.worker.engine;

/// Which side of a stage a tensor crosses.
public enum Boundary {
    INPUT,
    OUTPUT
}
