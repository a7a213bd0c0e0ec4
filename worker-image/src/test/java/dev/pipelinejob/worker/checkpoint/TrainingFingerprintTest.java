package dev.pipelinejob.worker.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipelinejob.protocol.plan.AdamW;
import dev.pipelinejob.protocol.plan.Cosine;
import dev.pipelinejob.protocol.plan.GptSpec;
import dev.pipelinejob.protocol.plan.JobSpec;
import dev.pipelinejob.protocol.plan.LearningRateSchedule;
import dev.pipelinejob.protocol.plan.ModelSpec;
import dev.pipelinejob.protocol.plan.Optimizer;
import dev.pipelinejob.protocol.plan.TrainingSpec;
import org.junit.jupiter.api.Test;

class TrainingFingerprintTest {
    private static final TrainingSpec TRAINING = TrainingSpec.newBuilder()
            .setSteps(100)
            .setBatchSize(32)
            .setMicroBatches(4)
            .setOptimizer(Optimizer.newBuilder().setAdamW(AdamW.newBuilder().setLearningRate(3e-4)))
            .setSeed(1)
            .build();

    private static JobSpec job(TrainingSpec training) {
        return JobSpec.newBuilder()
                .setName("a")
                .setModel(ModelSpec.newBuilder().setGpt(GptSpec.newBuilder().setLayers(2)))
                .setTraining(training)
                .build();
    }

    private static String of(TrainingSpec.Builder training) {
        return TrainingFingerprint.of(job(training.build()));
    }

    @Test
    void changesWithWhatTheResultDependsOn() {
        String before = of(TRAINING.toBuilder());

        assertThat(of(TRAINING.toBuilder().setSeed(2))).isNotEqualTo(before);
        assertThat(of(TRAINING.toBuilder().setMicroBatches(8))).isNotEqualTo(before);
        assertThat(of(TRAINING.toBuilder().setGradientClipNorm(1))).isNotEqualTo(before);
        JobSpec renamed = job(TRAINING).toBuilder().setName("b").build();
        assertThat(TrainingFingerprint.of(renamed)).isEqualTo(before);
    }

    @Test
    void moreStepsMatterOnlyWhereTheLearningRateDependsOnThem() {
        LearningRateSchedule cosine = LearningRateSchedule.newBuilder()
                .setCosine(Cosine.newBuilder().setWarmUpSteps(5))
                .build();
        TrainingSpec decaying =
                TRAINING.toBuilder().setLearningRateSchedule(cosine).build();

        assertThat(of(TRAINING.toBuilder().setSteps(200))).isEqualTo(of(TRAINING.toBuilder()));
        assertThat(of(decaying.toBuilder().setSteps(200))).isNotEqualTo(of(decaying.toBuilder()));
    }
}
