package dev.pipelinejob.placement.cost;

/// What a worker measured for one stage: compute time of one micro-batch without waiting, at best the time that its
/// compute thread spent on a core, so that workers sharing cores do not blame each other's work on the model.
///
/// @param firstLayer first layer of the stage
/// @param endLayer the layer behind its last
/// @param forwardMicros one micro-batch's forward
/// @param backwardMicros one micro-batch's backward, without any re-run of the forward
/// @param relativeSpeed of the slot that it was measured on
public record MeasuredStage(
        int firstLayer, int endLayer, double forwardMicros, double backwardMicros, double relativeSpeed) {}
