package dev.pipelinejob.worker.engine.profile;

import dev.pipelinejob.worker.engine.Boundary;
import dev.pipelinejob.worker.engine.EngineSpec;
import dev.pipelinejob.worker.engine.EngineSpec.StageLayers;
import dev.pipelinejob.worker.engine.Input;
import dev.pipelinejob.worker.engine.StageEngine;
import dev.pipelinejob.worker.engine.WorkKey;
import dev.pipelinejob.worker.engine.catalogue.Catalogue;
import dev.pipelinejob.worker.engine.catalogue.LayerShape;
import dev.pipelinejob.worker.engine.catalogue.ParameterShape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/// Measures every layer of a model by giving each a stage of its own on one engine, so that what is timed is what a
/// worker does. Medians, because a shared machine interrupts.
public final class LayerProfiler {
    private static final int WARM_UP_ROUNDS = 3;
    private static final double NANOS_PER_MICRO = 1_000;

    private final StageEngine engine;
    private final int rounds;

    /// @param rounds how often each layer is measured, after a warm-up
    public LayerProfiler(StageEngine engine, int rounds) {
        if (rounds < 1) {
            throw new IllegalArgumentException("rounds is " + rounds + " but must be at least 1.");
        }
        this.engine = engine;
        this.rounds = rounds;
    }

    /// Measures the model of `spec` at its micro-batch size; the stages of `spec` do not matter. The engine holds
    /// nothing useful afterwards.
    public List<LayerProfile> profile(EngineSpec spec) {
        Catalogue catalogue = Catalogue.of(spec.model());
        int layers = catalogue.layers().size();
        engine.init(new EngineSpec(
                spec.model(),
                spec.optimizer(),
                spec.seed(),
                spec.microBatchSize(),
                spec.microBatches(),
                IntStream.range(0, layers)
                        .mapToObj(layer -> new StageLayers(layer, layer, layer + 1))
                        .toList()));
        double[][] forward = new double[layers][rounds];
        double[][] backward = new double[layers][rounds];
        for (int round = -WARM_UP_ROUNDS; round < rounds; round++) {
            // A warm-up's times are written over by the first round that counts.
            int counted = Math.max(round, 0);
            measureForward(spec, catalogue, round + WARM_UP_ROUNDS + 1, forward, counted);
            measureBackward(layers, round + WARM_UP_ROUNDS + 1, backward, counted);
        }
        List<LayerProfile> profiles = new ArrayList<>();
        for (LayerShape layer : catalogue.layers()) {
            int index = layer.index();
            profiles.add(describe(spec, layer, median(forward[index]), median(backward[index])));
        }
        return profiles;
    }

    private void measureForward(EngineSpec spec, Catalogue catalogue, int step, double[][] micros, int round) {
        ByteBuffer tokens = tokens(spec.microBatchSize() * catalogue.tokensPerSample(), catalogue.vocabularySize());
        ByteBuffer targets = tokens(spec.microBatchSize() * catalogue.targetsPerSample(), catalogue.vocabularySize());
        int last = catalogue.layers().size() - 1;
        for (int layer = 0; layer <= last; layer++) {
            Input input = layer == 0 ? new Input.Buffer(tokens) : new Input.FromStage(layer - 1);
            long start = System.nanoTime();
            engine.forward(new WorkKey(layer, step, 0), input, false);
            if (layer == last) {
                engine.loss(new WorkKey(layer, step, 0), targets);
            }
            micros[layer][round] = (System.nanoTime() - start) / NANOS_PER_MICRO;
        }
    }

    private void measureBackward(int layers, int step, double[][] micros, int round) {
        for (int layer = layers - 1; layer >= 0; layer--) {
            Input upstream = layer == layers - 1 ? new Input.None() : new Input.FromStage(layer + 1);
            long start = System.nanoTime();
            engine.backward(new WorkKey(layer, step, 0), upstream, 1);
            micros[layer][round] = (System.nanoTime() - start) / NANOS_PER_MICRO;
        }
    }

    private static ByteBuffer tokens(int count, int vocabularySize) {
        ByteBuffer tokens = ByteBuffer.allocateDirect(Math.multiplyExact(Integer.BYTES, count))
                .order(ByteOrder.LITTLE_ENDIAN);
        for (int position = 0; position < count; position++) {
            tokens.putInt(position * 7 % vocabularySize);
        }
        return tokens.flip();
    }

    private LayerProfile describe(EngineSpec spec, LayerShape layer, double forwardMicros, double backwardMicros) {
        long parameterElements = layer.parameters().stream()
                .filter(ParameterShape::firstUse)
                .mapToLong(ParameterShape::elements)
                .sum();
        return new LayerProfile(
                layer.index(),
                layer.kind().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                forwardMicros,
                backwardMicros,
                engine.boundaryBytes(layer.index(), Boundary.OUTPUT),
                (long) Float.BYTES * spec.microBatchSize() * layer.stashElements(),
                Float.BYTES * parameterElements);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
