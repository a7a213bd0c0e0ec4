package dev.pipelinejob.worker.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pipelinejob.protocol.plan.Constant;
import dev.pipelinejob.protocol.plan.Cosine;
import dev.pipelinejob.protocol.plan.LearningRateSchedule;
import dev.pipelinejob.protocol.plan.Optimizer;
import dev.pipelinejob.protocol.plan.Sgd;
import dev.pipelinejob.protocol.plan.TrainingSpec;
import org.junit.jupiter.api.Test;

class LearningRateTest {
    private static final TrainingSpec.Builder TRAINING = TrainingSpec.newBuilder()
            .setSteps(110)
            .setOptimizer(Optimizer.newBuilder().setSgd(Sgd.newBuilder().setLearningRate(0.5)));

    private static LearningRate cosine(int warmUpSteps, double finalRatio) {
        return new LearningRate(TRAINING.clone()
                .setLearningRateSchedule(LearningRateSchedule.newBuilder()
                        .setCosine(
                                Cosine.newBuilder().setWarmUpSteps(warmUpSteps).setFinalRatio(finalRatio)))
                .build());
    }

    @Test
    void aConstantRateStaysAsItIs() {
        LearningRate constant = new LearningRate(TRAINING.clone()
                .setLearningRateSchedule(LearningRateSchedule.newBuilder().setConstant(Constant.getDefaultInstance()))
                .build());

        assertThat(constant.at(1)).isEqualTo(0.5);
        assertThat(constant.at(110)).isEqualTo(0.5);
    }

    @Test
    void warmUpIsALineToTheFullRate() {
        LearningRate rate = cosine(10, 0.1);

        assertThat(rate.at(1)).isEqualTo(0.05);
        assertThat(rate.at(9)).isEqualTo(0.45);
        assertThat(rate.at(10)).isEqualTo(0.5);
    }

    @Test
    void halfACosineLeadsToTheFinalRatio() {
        LearningRate rate = cosine(10, 0.1);

        assertThat(rate.at(11)).isLessThan(0.5);
        assertThat(rate.at(60)).isEqualTo(0.5 * 0.55, within(1e-15));
        assertThat(rate.at(110)).isEqualTo(0.05, within(1e-15));
        assertThat(cosine(0, 0).at(1)).isLessThan(0.5);
        assertThat(cosine(0, 0).at(110)).isZero();
        assertThat(cosine(110, 0.5).at(110)).isEqualTo(0.5);
    }

    @Test
    void clipsLikePyTorchAndSkipsWhatIsNotFinite() {
        assertThat(ClipDecision.of(4.0, 2.0).coefficient()).isEqualTo(1.0);
        assertThat(ClipDecision.of(4.0, 1.0).coefficient()).isEqualTo(1.0 / (2.0 + 1e-6));
        assertThat(ClipDecision.of(1e30, 0).coefficient()).isEqualTo(1.0);
        assertThat(ClipDecision.of(Double.NaN, 1).skips()).isTrue();
        assertThat(ClipDecision.of(Double.POSITIVE_INFINITY, 1).skips()).isTrue();
        assertThat(ClipDecision.of(4.0, 1.0).skips()).isFalse();
    }
}
