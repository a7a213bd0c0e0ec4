package dev.pipelinejob.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class PulseTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    private final Pulse pulse = new Pulse();

    @Test
    void withoutJobsThereIsNothingToMiss() {
        assertThat(pulse.isRegular(NOW)).isTrue();
    }

    @Test
    void aLookThatDoesNotEndIsNoticed() {
        pulse.begins("job", NOW);

        assertThat(pulse.isRegular(NOW.plus(Pulse.LONGEST_LOOK))).isTrue();
        assertThat(pulse.isRegular(NOW.plus(Pulse.LONGEST_LOOK).plusMillis(1))).isFalse();
    }

    @Test
    void aJobThatNobodyLooksAtAnyMoreIsNoticed() {
        pulse.begins("job", NOW);
        pulse.ends("job", NOW.plusSeconds(20));

        assertThat(pulse.isRegular(NOW.plusSeconds(20).plus(Pulse.LATEST))).isTrue();
        assertThat(pulse.isRegular(NOW.plusSeconds(21).plus(Pulse.LATEST))).isFalse();
    }

    @Test
    void aJobThatIsGoneIsNotMissed() {
        pulse.ends("job", NOW);
        pulse.forget("job");

        assertThat(pulse.isRegular(NOW.plusSeconds(3600))).isTrue();
    }
}
