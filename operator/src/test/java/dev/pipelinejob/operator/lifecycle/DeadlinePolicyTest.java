package dev.pipelinejob.operator.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class DeadlinePolicyTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Instant AT_LIMIT = Scene.NOW.plus(LIMIT);
    private static final JobFacts.Limits LIMITS =
            new JobFacts.Limits(Duration.ofSeconds(60), Duration.ofSeconds(30), Duration.ofSeconds(40), LIMIT, LIMIT);
    private static final Observation SEEN = Scene.training()
            .job(new JobFacts("gpt", 500, false, true, Scene.failurePolicy(2), LIMITS))
            .observation();

    @Test
    void aJobIsLateOnceItHasBeenActiveForItsDeadlineAndNotWhileItIsHeld() {
        Journal started = Journal.EMPTY.withStartedAt(Scene.NOW);

        assertThat(DeadlinePolicy.exceeded(SEEN, Journal.EMPTY, new Alarm(AT_LIMIT)))
                .isNull();
        assertThat(DeadlinePolicy.exceeded(SEEN, started, new Alarm(AT_LIMIT.minusMillis(1))))
                .isNull();
        assertThat(DeadlinePolicy.exceeded(SEEN, started, new Alarm(AT_LIMIT)))
                .isNotNull()
                .extracting(Finding.Fatal::reason)
                .isEqualTo("DeadlineExceeded");
    }

    @Test
    void aFinishedJobIsDeletedOnceItHasBeenKeptForLongEnough() {
        Journal.Ending ended = new Journal.Ending(true, "Completed", "", false, Scene.NOW);

        assertThat(DeadlinePolicy.isToBeDeleted(SEEN, ended, new Alarm(AT_LIMIT.minusMillis(1))))
                .isFalse();
        assertThat(DeadlinePolicy.isToBeDeleted(SEEN, ended, new Alarm(AT_LIMIT)))
                .isTrue();
    }
}
