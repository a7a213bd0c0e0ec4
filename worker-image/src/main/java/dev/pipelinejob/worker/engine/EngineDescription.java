package dev.pipelinejob.worker.engine;

/// What an engine is.
///
/// @param name such as `libtorch`
/// @param fingerprint build, BLAS, instruction set, threads, device kind and dtype in one line: equal lines mean
///     that the same operations give the same bits
public record EngineDescription(String name, String fingerprint) {}
