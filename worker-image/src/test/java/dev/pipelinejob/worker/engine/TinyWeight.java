package dev.pipelinejob.worker.engine;

import java.util.List;
import java.util.Optional;
import java.util.Random;

/// One use of a parameter of a {@link TinyEngine}: value, accumulator and momentum.
final class TinyWeight {
    static final String MOMENTUM = ".momentum";
    private static final float DECAY = 0.9f;

    private final String name;
    private final float[] value;
    private final float[] gradient;
    private final float[] momentum;
    private final boolean tied;
    private final boolean countsInNorm;

    private TinyWeight(String name, float[] value, boolean tied, boolean countsInNorm) {
        this.name = name;
        this.value = value;
        this.gradient = new float[value.length];
        this.momentum = new float[value.length];
        this.tied = tied;
        this.countsInNorm = countsInNorm;
    }

    String name() {
        return name;
    }

    float[] value() {
        return value;
    }

    float[] gradient() {
        return gradient;
    }

    float[] momentum() {
        return momentum;
    }

    boolean countsInNorm() {
        return countsInNorm;
    }

    static TinyWeight of(String name, int size, long seed, boolean tied, boolean countsInNorm) {
        Random random = new Random(seed * 31 + name.hashCode());
        float[] value = new float[size];
        for (int i = 0; i < size; i++) {
            value[i] = (float) (random.nextGaussian() * 0.3);
        }
        return new TinyWeight(name, value, tied, countsInNorm);
    }

    Parameter describe(int stage, TinyLayer layer) {
        return new Parameter(stage, layer.index(), name, shape(), tied ? name : null, countsInNorm);
    }

    List<StateTensor> state(TinyLayer layer) {
        return List.of(
                new StateTensor(name, layer.index(), shape()),
                new StateTensor(name + MOMENTUM, layer.index(), shape()));
    }

    /// The values that a state tensor's name stands for, if it is one of this weight's.
    Optional<float[]> named(String tensor) {
        if (tensor.equals(name)) {
            return Optional.of(value);
        }
        return tensor.equals(name + MOMENTUM) ? Optional.of(momentum) : Optional.empty();
    }

    private List<Long> shape() {
        return List.of((long) value.length);
    }

    double sumOfSquares() {
        double sum = 0;
        for (float one : gradient) {
            sum += (double) one * one;
        }
        return sum;
    }

    void step(StepNumbers numbers) {
        for (int i = 0; i < value.length; i++) {
            if (!numbers.skip()) {
                momentum[i] = DECAY * momentum[i] + (float) (gradient[i] * numbers.coefficient());
                value[i] -= (float) (numbers.learningRate() * momentum[i]);
            }
            gradient[i] = 0;
        }
    }
}
