package dev.pipelinejob.worker.engine;

import dev.pipelinejob.worker.engine.TinyEngine.Tensor;
import java.util.List;

/// One layer of a {@link TinyEngine}.
record TinyLayer(int index, int lastLayer, int width, List<TinyWeight> weights) {
    static TinyLayer of(int index, int lastLayer, int vocabulary, int width, boolean tied, long seed) {
        List<TinyWeight> weights;
        if (index == 0) {
            weights = List.of(TinyWeight.of("embedding.weight", vocabulary * width, seed, tied, true));
        } else if (index == lastLayer) {
            String name = tied ? "embedding.weight" : "head.weight";
            weights = List.of(TinyWeight.of(name, vocabulary * width, seed, tied, !tied));
        } else {
            weights = List.of(
                    TinyWeight.of("layers." + index + ".weight", width, seed, false, true),
                    TinyWeight.of("layers." + index + ".bias", width, seed, false, true));
        }
        return new TinyLayer(index, lastLayer, width, weights);
    }

    private float[] value() {
        return weights.getFirst().value();
    }

    private float[] gradient() {
        return weights.getFirst().gradient();
    }

    Tensor forward(Tensor x, int batch) {
        float[] y = new float[batch * width];
        int context = x.values().length / batch;
        for (int sample = 0; sample < batch; sample++) {
            for (int i = 0; i < width; i++) {
                if (index == 0) {
                    for (int position = 0; position < context; position++) {
                        int token = (int) x.values()[sample * context + position];
                        y[sample * width + i] += value()[token * width + i] / (1 + position);
                    }
                } else if (index < lastLayer) {
                    float in = x.values()[sample * width + i];
                    y[sample * width + i] = (float)
                            StrictMath.tanh(value()[i] * in + weights.get(1).value()[i]);
                }
            }
        }
        return new Tensor(y);
    }

    Tensor backward(Tensor x, Tensor y, Tensor upstream, int batch) {
        if (index == 0) {
            embed(x, upstream, batch);
            return new Tensor(new float[0]);
        }
        float[] down = new float[batch * width];
        for (int at = 0; at < down.length; at++) {
            float inner = upstream.values()[at] * (1 - y.values()[at] * y.values()[at]);
            int i = at % width;
            gradient()[i] += inner * x.values()[at];
            weights.get(1).gradient()[i] += inner;
            down[at] = inner * value()[i];
        }
        return new Tensor(down);
    }

    private void embed(Tensor x, Tensor upstream, int batch) {
        int context = x.values().length / batch;
        for (int sample = 0; sample < batch; sample++) {
            for (int position = 0; position < context; position++) {
                int token = (int) x.values()[sample * context + position];
                for (int i = 0; i < width; i++) {
                    gradient()[token * width + i] += upstream.values()[sample * width + i] / (1 + position);
                }
            }
        }
    }

    double loss(Tensor x, int[] targets, int batch) {
        double sum = 0;
        for (int at = 0; at < targets.length; at++) {
            double error = error(x, targets, at, batch);
            sum += error * error / 2;
        }
        return sum / targets.length;
    }

    private float error(Tensor x, int[] targets, int at, int batch) {
        int sample = at / (targets.length / batch);
        float dot = 0;
        for (int i = 0; i < width; i++) {
            dot += value()[targets[at] * width + i] * x.values()[sample * width + i];
        }
        return dot - 1;
    }

    Tensor lossGradient(Tensor x, int[] targets, int batch, double lossScale) {
        float[] down = new float[batch * width];
        for (int at = 0; at < targets.length; at++) {
            int sample = at / (targets.length / batch);
            float scaled = (float) (error(x, targets, at, batch) * lossScale / targets.length);
            for (int i = 0; i < width; i++) {
                gradient()[targets[at] * width + i] += scaled * x.values()[sample * width + i];
                down[sample * width + i] += scaled * value()[targets[at] * width + i];
            }
        }
        return new Tensor(down);
    }
}
