package dev.pipelinejob.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipelinejob.worker.engine.EngineSpec.ModelSpec.Gpt;
import dev.pipelinejob.worker.engine.EngineSpec.OptimizerSpec.AdamW;
import dev.pipelinejob.worker.engine.Pipeline.Job;
import dev.pipelinejob.worker.engine.Pipeline.Placed;
import dev.pipelinejob.worker.engine.torch.TorchEngine;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// Training against plain PyTorch, which shares nothing with us but the first weights and the batches.
///
/// `scripts/oracle/run.sh` lets PyTorch train from the file that {@link #theInputsAreTheOnesThatTheReferenceSaw}
/// leaves in `target/oracle`, and stores its losses and final weights as this test's resources.
class PytorchOracleIT {
    private static final int STEPS = 20;
    private static final double LEARNING_RATE = 1e-3;
    private static final double LARGEST_RELATIVE_LOSS_ERROR = 1e-5;
    private static final double LARGEST_WEIGHT_ERROR = 1e-4;
    private static final Path OUTPUT = Path.of("target", "oracle");
    private static final Job JOB =
            new Job(new Gpt(2, 32, 4, 16, 64, 0, true), new AdamW(0.9, 0.999, 1e-8, 0.1), 3, 4, 0.5);

    private static Pipeline pipeline() {
        return new Pipeline(TorchEngine::new, JOB, List.of(new Placed(0, 0, 2), new Placed(0, 2, 4)), false);
    }

    @Test
    void theInputsAreTheOnesThatTheReferenceSaw() throws IOException {
        Map<String, TinySafetensors.Entry> inputs = new LinkedHashMap<>();
        try (Pipeline pipeline = pipeline()) {
            Map<String, ByteBuffer> weights = weights(pipeline);
            for (Parameter parameter : pipeline.engineOf(0).parameters()) {
                ByteBuffer bytes = Objects.requireNonNull(weights.get(parameter.name()));
                inputs.put(parameter.name(), new TinySafetensors.Entry("F32", parameter.shape(), bytes));
            }
            for (int step = 1; step <= STEPS; step++) {
                for (int microBatch = 0; microBatch < JOB.microBatches(); microBatch++) {
                    String name = "%d.%d".formatted(step, microBatch);
                    inputs.put("tokens." + name, tokens(pipeline.tokens(step, microBatch)));
                    inputs.put("targets." + name, tokens(pipeline.targets(step, microBatch)));
                }
            }
        }
        Files.createDirectories(OUTPUT);
        Path file = OUTPUT.resolve("inputs.safetensors");
        TinySafetensors.write(file, inputs);

        Map<String, ByteBuffer> seen = TinySafetensors.read(resource("inputs-sample.safetensors"));

        Map<String, ByteBuffer> written = TinySafetensors.read(Files.readAllBytes(file));
        assertThat(seen).isNotEmpty();
        seen.forEach((name, bytes) -> assertThat(written.get(name)).as(name).isEqualTo(bytes));
    }

    @Test
    void lossesAndFinalWeightsAreThoseOfPytorch() throws IOException {
        List<Double> expected = new String(resource("losses.txt"), StandardCharsets.US_ASCII)
                .lines()
                .map(Double::valueOf)
                .toList();
        Map<String, ByteBuffer> expectedWeights = TinySafetensors.read(resource("final-weights.safetensors"));
        try (Pipeline pipeline = pipeline()) {
            List<Double> losses = new ArrayList<>();
            for (int step = 1; step <= STEPS; step++) {
                losses.add(pipeline.step(step, LEARNING_RATE));
            }
            Map<String, ByteBuffer> actualWeights = weights(pipeline);

            double lossError = 0;
            for (int step = 0; step < STEPS; step++) {
                lossError = Math.max(lossError, Math.abs(losses.get(step) / expected.get(step) - 1));
            }
            double weightError = 0;
            for (Map.Entry<String, ByteBuffer> weight : expectedWeights.entrySet()) {
                ByteBuffer actual = Objects.requireNonNull(actualWeights.get(weight.getKey()), weight.getKey());
                weightError = Math.max(weightError, largestDifference(actual, weight.getValue()));
            }
            Files.createDirectories(OUTPUT);
            Files.writeString(
                    OUTPUT.resolve("result.txt"),
                    String.format(
                            Locale.ROOT,
                            "first loss %.7f, last loss %.7f, largest relative loss error %.1e, largest weight error %.1e%n",
                            losses.getFirst(),
                            losses.getLast(),
                            lossError,
                            weightError));
            assertThat(actualWeights).hasSameSizeAs(expectedWeights);
            assertThat(lossError).isLessThanOrEqualTo(LARGEST_RELATIVE_LOSS_ERROR);
            assertThat(weightError).isLessThanOrEqualTo(LARGEST_WEIGHT_ERROR);
        }
    }

    private static double largestDifference(ByteBuffer left, ByteBuffer right) {
        FloatBuffer leftFloats = left.duplicate().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        FloatBuffer rightFloats =
                right.duplicate().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        assertThat(leftFloats.remaining()).isEqualTo(rightFloats.remaining());
        double largest = 0;
        while (leftFloats.hasRemaining()) {
            largest = Math.max(largest, Math.abs((double) leftFloats.get() - rightFloats.get()));
        }
        return largest;
    }

    private static Map<String, ByteBuffer> weights(Pipeline pipeline) {
        Map<String, ByteBuffer> weights = pipeline.state();
        weights.keySet().removeIf(name -> name.contains(".exp_avg"));
        return weights;
    }

    private static TinySafetensors.Entry tokens(ByteBuffer tokens) {
        long samples = JOB.microBatchSize();
        return new TinySafetensors.Entry("I32", List.of(samples, tokens.remaining() / 4 / samples), tokens);
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream stream = PytorchOracleIT.class.getResourceAsStream("/oracle/" + name)) {
            return Objects.requireNonNull(stream, name + " is missing: run scripts/oracle/run.sh.")
                    .readAllBytes();
        }
    }
}
