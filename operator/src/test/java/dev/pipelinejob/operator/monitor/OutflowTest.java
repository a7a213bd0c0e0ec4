package dev.pipelinejob.operator.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OutflowTest {
    private final AtomicLong nanos = new AtomicLong();
    private final List<Integer> drained = new ArrayList<>();
    private final Outflow<Integer> outflow = new Outflow<>(Runnable::run, nanos::get, drained::add);

    private void fill() {
        IntStream.range(0, Outflow.MAX_AT_ONCE)
                .forEach(stream -> assertThat(outflow.begins(stream)).isTrue());
    }

    @Test
    void whoComesLastWaitsUntilSomebodyIsDone() {
        fill();

        assertThat(outflow.begins(100)).isFalse();
        assertThat(outflow.begins(101)).isFalse();
        assertThat(outflow.begins(3)).as("one that sends already").isTrue();

        outflow.ends(5);
        assertThat(drained).containsExactly(100);
        assertThat(outflow.begins(100)).isTrue();
        assertThat(outflow.begins(101)).isFalse();
    }

    @Test
    void whoIsClosedWhileItWaitsIsPassedOver() {
        fill();
        assertThat(outflow.begins(100)).isFalse();
        assertThat(outflow.begins(101)).isFalse();

        outflow.ends(100);
        outflow.ends(0);

        assertThat(drained).containsExactly(101);
    }

    @Test
    void whoTakesNothingHoldsNobodyUpForLong() {
        fill();
        assertThat(outflow.begins(100)).isFalse();

        nanos.addAndGet(Outflow.LONGEST.toNanos() + 1);

        assertThat(outflow.begins(100)).isTrue();
    }
}
