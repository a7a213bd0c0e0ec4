package dev.pipelinejob.worker.engine.torch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipelinejob.worker.engine.EngineSpec;
import dev.pipelinejob.worker.engine.EngineSpec.ModelSpec.Gpt;
import dev.pipelinejob.worker.engine.EngineSpec.OptimizerSpec.AdamW;
import dev.pipelinejob.worker.engine.EngineSpec.StageLayers;
import dev.pipelinejob.worker.engine.Input;
import dev.pipelinejob.worker.engine.StepNumbers;
import dev.pipelinejob.worker.engine.WorkKey;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;

/// What only the libtorch engine can get wrong: native memory and switches that belong to threads.
class TorchEngineIT {
    private static final Gpt MODEL = new Gpt(2, 32, 4, 32, 64, 0.1, true);
    private static final int SAMPLES = 8;
    private static final int WINDOWS = 8;

    private static List<Double> train(int steps, boolean rematerialize) {
        try (TorchEngine engine = new TorchEngine()) {
            init(engine);
            List<Double> losses = new ArrayList<>();
            for (int step = 1; step <= steps; step++) {
                losses.add(step(engine, step, rematerialize));
            }
            return losses;
        }
    }

    private static void init(TorchEngine engine) {
        AdamW adamW = new AdamW(0.9, 0.999, 1e-8, 0.1);
        engine.init(new EngineSpec(
                MODEL, adamW, 5, SAMPLES, 1, List.of(new StageLayers(0, 0, 2), new StageLayers(1, 2, 4))));
    }

    private static double step(TorchEngine engine, int step, boolean rematerialize) {
        WorkKey first = new WorkKey(0, step, 0);
        WorkKey last = new WorkKey(1, step, 0);
        engine.forward(first, new Input.Buffer(tokens(step)), rematerialize);
        engine.forward(last, new Input.FromStage(0), rematerialize);
        double loss = engine.loss(last, tokens(step + 1));
        engine.backward(last, new Input.None(), 1);
        engine.backward(first, new Input.FromStage(1), 1);
        engine.reduceTied("embedding.token.weight", List.of(new Input.None(), new Input.None()));
        for (int stage = 0; stage < 2; stage++) {
            engine.gradientStatistics(stage);
            engine.step(stage, new StepNumbers(step, 1e-3, 0.9, false));
        }
        return loss;
    }

    private static ByteBuffer tokens(int step) {
        int count = SAMPLES * MODEL.contextLength();
        ByteBuffer tokens = ByteBuffer.allocateDirect(4 * count).order(ByteOrder.LITTLE_ENDIAN);
        for (int position = 0; position < count; position++) {
            tokens.putInt((step + position * 3) % MODEL.vocabularySize());
        }
        return tokens.flip();
    }

    @Test
    void enginesOnSeveralThreadsComputeTheBitsOfOneAlone() throws InterruptedException, ExecutionException {
        List<Double> alone = train(12, false);

        try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
            List<Callable<List<Double>>> trainings =
                    List.of(() -> train(12, false), () -> train(12, true), () -> train(12, false));
            for (Future<List<Double>> training : threads.invokeAll(trainings)) {
                assertThat(training.get()).isEqualTo(alone);
            }
        }
    }

    @Test
    void nativeMemoryStaysFlatOverHundredsOfSteps() {
        try (TorchEngine engine = new TorchEngine()) {
            init(engine);
            int step = 0;
            while (step < 200) {
                step(engine, ++step, step % 2 == 0);
            }
            long heldBefore = engine.nativeBytes();
            long trackedBefore = Pointer.totalCount();
            // The process also grows by the heap's pages and by compiled code, which come in bursts; what leaks a
            // little in each step grows in every window, so the quietest window tells.
            long leastGrowth = Long.MAX_VALUE;
            for (int window = 0; window < WINDOWS; window++) {
                long residentBefore = Pointer.physicalBytes();
                for (int inWindow = 0; inWindow < 100; inWindow++) {
                    step(engine, ++step, step % 2 == 0);
                }
                leastGrowth = Math.min(leastGrowth, Pointer.physicalBytes() - residentBefore);
            }

            // A step makes some hundred tensors: one that leaked a step would be 800 by now.
            assertThat(Pointer.totalCount()).isLessThanOrEqualTo(trackedBefore);
            assertThat(engine.nativeBytes()).isEqualTo(heldBefore);
            // One activation (8 x 32 x 32 floats) leaked a step would be 3.1 MiB a window.
            assertThat(leastGrowth).isLessThan(2L << 20);
        }
    }

    @Test
    void aClosedEngineGivesItsTensorsBack() {
        train(2, false);
        long before = Pointer.totalCount();
        for (int round = 0; round < 5; round++) {
            train(2, round % 2 == 0);
        }
        assertThat(Pointer.totalCount()).isLessThanOrEqualTo(before);
    }

    @Test
    void theFingerprintNamesWhatDecidesAboutBits() {
        try (TorchEngine engine = new TorchEngine()) {
            assertThat(engine.describe().fingerprint())
                    .matches("libtorch 2\\.10\\.0, OpenBLAS \\S+ \\S+, \\S+, 1 thread, cpu, float32");
        }
    }
}
