package dev.pipelinejob.worker.engine;

/// The numbers of one optimizer step; the runtime owns them, the engine only applies them.
///
/// @param step number of the step, from 1 (Adam's bias correction)
/// @param learningRate after the schedule
/// @param coefficient what every gradient is multiplied by (clipping); exactly 1.0 means that nothing is multiplied
/// @param skip true when a gradient was not finite: no parameter and no moment changes
public record StepNumbers(int step, double learningRate, double coefficient, boolean skip) {}
