package dev.pipelinejob.worker.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class HeartbeatTest {
    private final AtomicInteger questions = new AtomicInteger();
    private final Heartbeat heartbeat = new Heartbeat(questions::incrementAndGet);

    private static long at(long millis) {
        return Duration.ofMillis(millis).toNanos();
    }

    @Test
    void asksOnceASecondAndOnlyAfterAnAnswer() {
        assertThat(heartbeat.isChangedAt(at(0))).isFalse();
        heartbeat.answered();
        assertThat(heartbeat.isChangedAt(at(900))).isFalse();
        assertThat(questions).hasValue(1);

        assertThat(heartbeat.isChangedAt(at(1000))).isFalse();
        assertThat(heartbeat.isChangedAt(at(3000))).isFalse();
        assertThat(questions).hasValue(2);
    }

    @Test
    void tellsOnceThatNothingAnswersAndOnceThatSomethingDoesAgain() {
        assertThat(heartbeat.isChangedAt(at(0))).isFalse();
        assertThat(heartbeat.isChangedAt(at(3999))).isFalse();
        assertThat(heartbeat.isSilent()).isFalse();

        assertThat(heartbeat.isChangedAt(at(4000))).isTrue();
        assertThat(heartbeat.isSilent()).isTrue();
        assertThat(heartbeat.isChangedAt(at(9000))).isFalse();

        heartbeat.answered();
        assertThat(heartbeat.isChangedAt(at(9100))).isTrue();
        assertThat(heartbeat.isSilent()).isFalse();
    }
}
