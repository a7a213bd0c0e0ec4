package dev.pipelinejob.operator.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class HealthTest {
    private static final Instant START = Instant.parse("2026-11-21T12:00:00Z");

    private Instant now = START;
    private boolean watch = true;
    private boolean loop = true;

    private final Health health = new Health(
            new Clock() {
                @Override
                public Instant instant() {
                    return now;
                }

                @Override
                public ZoneId getZone() {
                    return ZoneOffset.UTC;
                }

                @Override
                public Clock withZone(ZoneId zone) {
                    return this;
                }
            },
            Duration.ofMinutes(1));

    HealthTest() {
        health.watch("The watch of nodes", () -> watch);
        health.watch("The look at jobs", () -> loop);
    }

    @Test
    void whatIsUnwellForAWhileMayMend() {
        watch = false;
        assertThat(health.look()).isEmpty();
        now = START.plusSeconds(60);
        assertThat(health.look()).isEmpty();

        watch = true;
        now = START.plusSeconds(61);
        assertThat(health.look()).isEmpty();
        watch = false;
        now = START.plusSeconds(90);
        assertThat(health.look()).as("the limit begins anew").isEmpty();
        now = START.plusSeconds(150);
        assertThat(health.look()).isEmpty();
    }

    @Test
    void whatIsUnwellForTooLongIsNamed() {
        loop = false;
        assertThat(health.look()).isEmpty();
        now = START.plusSeconds(61);

        assertThat(health.look()).containsExactly("The look at jobs has not worked since 2026-11-21T12:00:00Z.");
    }
}
