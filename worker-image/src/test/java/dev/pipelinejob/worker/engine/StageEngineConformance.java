package dev.pipelinejob.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipelinejob.worker.engine.EngineSpec.ModelSpec;
import dev.pipelinejob.worker.engine.EngineSpec.ModelSpec.Gpt;
import dev.pipelinejob.worker.engine.EngineSpec.ModelSpec.Mlp;
import dev.pipelinejob.worker.engine.EngineSpec.OptimizerSpec;
import dev.pipelinejob.worker.engine.EngineSpec.OptimizerSpec.AdamW;
import dev.pipelinejob.worker.engine.EngineSpec.OptimizerSpec.Sgd;
import dev.pipelinejob.worker.engine.EngineSpec.StageLayers;
import dev.pipelinejob.worker.engine.Pipeline.Job;
import dev.pipelinejob.worker.engine.Pipeline.Placed;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What any engine must do, whatever computes inside it.
public abstract class StageEngineConformance {
    private static final int STEPS = 3;
    private static final double LEARNING_RATE = 0.01;
    private static final OptimizerSpec ADAM_W = new AdamW(0.9, 0.999, 1e-8, 0.1);
    private static final OptimizerSpec SGD = new Sgd(0.9, 0.01);

    protected abstract StageEngine newEngine();

    private static Gpt gpt(double dropout, boolean tied) {
        return new Gpt(2, 16, 2, 8, 32, dropout, tied);
    }

    private static Job job(ModelSpec model, OptimizerSpec optimizer) {
        return new Job(model, optimizer, 3, 4, 0.5);
    }

    static Stream<Job> jobs() {
        return Stream.of(
                job(gpt(0, false), ADAM_W),
                job(gpt(0.1, true), ADAM_W),
                job(gpt(0, true), SGD),
                job(gpt(0.1, false), new Sgd(0, 0)),
                job(new Mlp(2, 16, 4, 32, 0.1), ADAM_W),
                job(new Mlp(2, 16, 4, 32, 0), SGD));
    }

    /// All cuts of the four layers that the small models have, on one engine or several.
    private static List<List<Placed>> layouts() {
        return List.of(
                List.of(new Placed(0, 0, 4)),
                List.of(new Placed(0, 0, 1), new Placed(1, 1, 4)),
                List.of(new Placed(0, 0, 2), new Placed(1, 2, 4)),
                List.of(new Placed(0, 0, 1), new Placed(1, 1, 3), new Placed(2, 3, 4)),
                List.of(new Placed(0, 0, 2), new Placed(0, 2, 4)),
                List.of(new Placed(0, 0, 1), new Placed(1, 1, 3), new Placed(0, 3, 4)));
    }

    private record Trained(List<Double> losses, Map<String, ByteBuffer> state) {}

    private Trained train(Job job, List<Placed> layout, boolean rematerialize) {
        try (Pipeline pipeline = new Pipeline(this::newEngine, job, layout, rematerialize)) {
            List<Double> losses = new ArrayList<>();
            for (int step = 1; step <= STEPS; step++) {
                losses.add(pipeline.step(step, LEARNING_RATE));
            }
            return new Trained(losses, pipeline.state());
        }
    }

    private static List<Placed> oneStage() {
        return layouts().getFirst();
    }

    @ParameterizedTest
    @MethodSource("jobs")
    void everyCutComputesTheSameBits(Job job) {
        Trained expected = train(job, oneStage(), false);
        assertThat(expected.losses()).allMatch(Double::isFinite);
        for (List<Placed> layout : layouts()) {
            assertThat(train(job, layout, false)).as("%s", layout).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @MethodSource("jobs")
    void rematerializationComputesTheSameBits(Job job) {
        Trained expected = train(job, oneStage(), false);
        for (List<Placed> layout : layouts()) {
            assertThat(train(job, layout, true)).as("%s", layout).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @MethodSource("jobs")
    void aSavedStateLoadedIntoAnotherCutGoesOnWithTheSameBits(Job job) {
        List<Placed> other = layouts().get(3);
        try (Pipeline unbroken = new Pipeline(this::newEngine, job, oneStage(), false);
                Pipeline resumed = new Pipeline(this::newEngine, job, other, false)) {
            unbroken.step(1, LEARNING_RATE);
            resumed.load(unbroken.state());
            assertThat(resumed.state()).isEqualTo(unbroken.state());

            double expected = unbroken.step(2, LEARNING_RATE);
            double actual = resumed.step(2, LEARNING_RATE);

            assertThat(actual).isEqualTo(expected);
            assertThat(resumed.state()).isEqualTo(unbroken.state());
        }
    }

    @ParameterizedTest
    @MethodSource("jobs")
    void itLearns(Job job) {
        try (Pipeline pipeline = new Pipeline(this::newEngine, job, oneStage(), false)) {
            double first = pipeline.step(1, LEARNING_RATE);
            double last = first;
            for (int step = 2; step <= 30; step++) {
                last = pipeline.step(step, LEARNING_RATE);
            }
            assertThat(last).isLessThan(first);
        }
    }

    @Test
    void aSkippedStepChangesNothingButTheAccumulators() {
        try (Pipeline pipeline = new Pipeline(this::newEngine, job(gpt(0, true), ADAM_W), oneStage(), false)) {
            Map<String, ByteBuffer> before = pipeline.state();
            pipeline.forward(1, 0);
            pipeline.backward(1, 0);
            assertThat(pipeline.reduceAndMeasure()).isPositive();

            pipeline.update(new StepNumbers(1, LEARNING_RATE, 1, true));

            assertThat(pipeline.state()).isEqualTo(before);
            assertThat(pipeline.reduceAndMeasure()).isZero();
        }
    }

    @Test
    void aDroppedMicroBatchLeavesNothingBehind() {
        try (Pipeline pipeline = new Pipeline(this::newEngine, job(gpt(0.1, true), ADAM_W), oneStage(), false)) {
            long before = pipeline.engineOf(0).nativeBytes();
            pipeline.forward(1, 0);
            assertThat(pipeline.engineOf(0).nativeBytes()).isGreaterThan(before);

            pipeline.engineOf(0).drop(new WorkKey(0, 1, 0));
            pipeline.engineOf(0).drop(new WorkKey(0, 1, 0));

            assertThat(pipeline.engineOf(0).nativeBytes()).isEqualTo(before);
            assertThat(pipeline.reduceAndMeasure()).isZero();
        }
    }

    @Test
    void gradientStatisticsAreTheSumsOfSquaresOfTheAccumulators() {
        try (Pipeline pipeline = new Pipeline(this::newEngine, job(gpt(0, true), ADAM_W), oneStage(), false)) {
            StageEngine engine = pipeline.engineOf(0);
            pipeline.forward(1, 0);
            pipeline.backward(1, 0);
            double together = pipeline.reduceAndMeasure();
            assertThat(engine.gradientStatistics(0)).hasSize((int)
                    engine.parameters().stream().filter(Parameter::countsInNorm).count());
            Parameter tied = engine.parameters().getFirst();
            ByteBuffer gradient = Pipeline.direct(new StateTensor("", 0, tied.shape()).bytes());
            engine.readTiedGradient(0, tied.name(), gradient);

            double expected = 0;
            while (gradient.hasRemaining()) {
                double element = gradient.getFloat();
                expected += element * element;
            }

            assertThat(engine.gradientStatistics(0)[0])
                    .isCloseTo(expected, Offset.offset(expected * 1e-12))
                    .isLessThan(together);
        }
    }

    @Test
    void aLayerStartsWithTheSameBitsWhereverItIsHeldAndAnotherSeedGivesOthers() {
        Job job = job(gpt(0, false), ADAM_W);
        try (Pipeline one = new Pipeline(this::newEngine, job, oneStage(), false);
                Pipeline three = new Pipeline(this::newEngine, job, layouts().get(3), false);
                StageEngine other = newEngine()) {
            other.init(new EngineSpec(job.model(), ADAM_W, Pipeline.SEED + 1, 3, 4, List.of(new StageLayers(0, 0, 4))));
            StateTensor embedding = other.state(0).getFirst();
            ByteBuffer otherSeed = Pipeline.direct(embedding.bytes());
            other.readState(0, embedding, otherSeed);

            assertThat(three.state()).isEqualTo(one.state());
            assertThat(otherSeed).isNotEqualTo(one.state().get(embedding.name()));
        }
    }

    @Test
    void parametersAreNamedAsInPyTorchAndOrderedByLayer() {
        try (Pipeline pipeline = new Pipeline(this::newEngine, job(gpt(0, true), ADAM_W), oneStage(), false)) {
            List<Parameter> parameters = pipeline.engineOf(0).parameters();

            assertThat(parameters).extracting(Parameter::name).contains("blocks.1.attention.query_key_value.weight");
            assertThat(parameters).extracting(Parameter::layer).isSorted();
            assertThat(parameters)
                    .filteredOn(parameter -> parameter.name().equals("embedding.token.weight"))
                    .extracting(Parameter::countsInNorm)
                    .containsExactly(true, false);
        }
    }

    @Test
    void aTokenOutsideTheVocabularyIsRefusedWithItsPlace() {
        try (Pipeline pipeline = new Pipeline(this::newEngine, job(gpt(0, true), ADAM_W), oneStage(), false)) {
            ByteBuffer tokens = pipeline.tokens(1, 0);
            tokens.putInt(8, 32);
            Input input = new Input.Buffer(tokens);

            assertThatThrownBy(() -> pipeline.engineOf(0).forward(new WorkKey(0, 1, 0), input, false))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("token 32 at position 2");
        }
    }

    @Test
    void aBufferOfAnotherSizeIsRefused() {
        try (Pipeline pipeline = new Pipeline(this::newEngine, job(gpt(0, true), ADAM_W), oneStage(), false)) {
            Input input = new Input.Buffer(Pipeline.direct(8));

            assertThatThrownBy(() -> pipeline.engineOf(0).forward(new WorkKey(0, 1, 0), input, false))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("96 bytes")
                    .hasMessageContaining("8");
        }
    }

    @Test
    void aModelThatCannotBeBuiltIsRefusedWithFieldAndValue() {
        assertThatThrownBy(() -> new Gpt(2, 30, 4, 8, 32, 0, true)).hasMessageContainingAll("width is 30", "heads = 4");
        assertThatThrownBy(() -> new Gpt(0, 32, 4, 8, 32, 0, true)).hasMessageContaining("layers is 0");
        assertThatThrownBy(() -> new Mlp(2, 16, 4, 32, 1)).hasMessageContaining("dropout is 1.0");
        assertThatThrownBy(() -> new AdamW(1, 0.999, 1e-8, 0)).hasMessageContaining("beta1 is 1.0");
        try (StageEngine engine = newEngine()) {
            EngineSpec tooLong = new EngineSpec(gpt(0, true), SGD, 1, 1, 1, List.of(new StageLayers(0, 2, 5)));
            assertThatThrownBy(() -> engine.init(tooLong)).hasMessageContainingAll("Stage 0", "[2, 5)", "[0, 4)");
        }
    }
}
