package dev.pipelinejob.worker.runtime;

import dev.pipelinejob.protocol.plan.Cosine;
import dev.pipelinejob.protocol.plan.TrainingSpec;

/// The learning rate of each step, with steps from 1 to `steps`.
///
/// Cosine with `W` warm-up steps and final ratio `f`: `rate · s / W` for `s ≤ W`, so that step `W` is the first with
/// the full rate; then `rate · (f + (1 − f) · (1 + cos(π · (s − W) / (steps − W))) / 2)`, so that the last step has
/// `rate · f`. It is PyTorch's `LambdaLR` with that factor, counted from 1.
final class LearningRate {
    private final double rate;
    private final int steps;
    private final int warmUpSteps;
    private final double finalRatio;
    private final boolean cosine;

    LearningRate(TrainingSpec training) {
        rate = switch (training.getOptimizer().getKindCase()) {
            case ADAM_W -> training.getOptimizer().getAdamW().getLearningRate();
            case SGD -> training.getOptimizer().getSgd().getLearningRate();
            case KIND_NOT_SET -> throw new IllegalArgumentException("The job names no optimizer.");
        };
        steps = training.getSteps();
        cosine = training.getLearningRateSchedule().hasCosine();
        Cosine shape = training.getLearningRateSchedule().getCosine();
        warmUpSteps = shape.getWarmUpSteps();
        finalRatio = shape.getFinalRatio();
    }

    /// StrictMath, because the last bit of a cosine may differ between machines otherwise.
    double at(int step) {
        if (!cosine) {
            return rate;
        }
        if (step <= warmUpSteps) {
            return rate * step / warmUpSteps;
        }
        double progress = (double) (step - warmUpSteps) / (steps - warmUpSteps);
        return rate * (finalRatio + (1 - finalRatio) * (1 + StrictMath.cos(Math.PI * progress)) / 2);
    }
}
