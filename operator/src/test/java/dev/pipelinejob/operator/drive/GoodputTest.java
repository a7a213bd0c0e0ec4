package dev.pipelinejob.operator.drive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipelinejob.operator.lifecycle.ClaimedAttempt;
import dev.pipelinejob.protocol.control.Progress;
import dev.pipelinejob.protocol.control.WorkerMessage;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class GoodputTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final long SECOND_MICROS = 1_000_000;

    private final Training training = new Training(0);

    private static ClaimedAttempt attempt(int number, int resumeStep) {
        return new ClaimedAttempt(number, resumeStep, "digest", List.of(), START);
    }

    private void completed(int attempt, int... steps) {
        for (int step : steps) {
            training.take(WorkerMessage.newBuilder()
                    .setProgress(Progress.newBuilder()
                            .setAttempt(attempt)
                            .setStep(step)
                            .setLoss(1)
                            .setStepMicros(SECOND_MICROS))
                    .build());
        }
    }

    @Test
    void isUnknownBeforeAnythingIsMeasured() {
        assertThat(Goodput.percent(List.of(attempt(1, 0)), training, START.plusSeconds(1)))
                .isNull();
        completed(1, 1);
        assertThat(Goodput.percent(List.of(), training, START.plusSeconds(1))).isNull();
        assertThat(Goodput.percent(List.of(attempt(1, 0)), training, START)).isNull();
    }

    @Test
    void countsAStepThatWasTrainedTwiceOnce() {
        completed(1, 1, 2, 3);
        completed(2, 2, 3);

        assertThat(Goodput.percent(List.of(attempt(1, 0), attempt(2, 1)), training, START.plusSeconds(6)))
                .isEqualTo("50.0");
    }

    @Test
    void doesNotCountWhatWasLostUntilItIsDoneAgain() {
        completed(1, 1, 2, 3, 4);

        assertThat(Goodput.percent(List.of(attempt(1, 0), attempt(2, 2)), training, START.plusSeconds(8)))
                .isEqualTo("25.0");
    }

    @Test
    void beginsWithTheOldestAttemptThatIsStillKnown() {
        completed(7, 101, 102);

        assertThat(Goodput.percent(List.of(attempt(7, 100)), training, START.plusSeconds(4)))
                .isEqualTo("50.0");
    }

    @Test
    void isNeverMoreThanAll() {
        completed(1, 1, 2, 3);

        assertThat(Goodput.percent(List.of(attempt(1, 0)), training, START.plusSeconds(2)))
                .isEqualTo("100.0");
    }
}
