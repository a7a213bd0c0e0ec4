package dev.pipelinejob.worker.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlannedFaultsTest {
    private final AtomicInteger deaths = new AtomicInteger();

    @ParameterizedTest
    @CsvSource({
        "FORWARD, 12, 0, 1, 1",
        "FORWARD, 12, 0, 2, 0",
        "FORWARD, 12, 1, 1, 0",
        "FORWARD, 13, 0, 1, 0",
        "BACKWARD, 12, 0, 1, 0",
        "PREPARE, 10, 2, 3, 1",
        "PREPARE, 10, 2, 1, 0",
    })
    void strikesWhereItWasPlannedAndNowhereElse(String place, int step, int rank, int attempt, int expected) {
        FaultPoint faults = PlannedFaults.of("FORWARD@12@0, PREPARE@10@2@3", deaths::incrementAndGet);

        faults.pass(place, step, rank, attempt);

        assertThat(deaths).hasValue(expected);
    }

    @Test
    void nothingPlannedLetsEverythingPass() {
        assertThat(PlannedFaults.of(" ", deaths::incrementAndGet)).isSameAs(FaultPoint.NONE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"FORWARD", "FORWARD@12", "forward@12@0", "FORWARD@-1@0", "FORWARD@1@0@2@3", "FORWARD@1@0,"})
    void refusesWhatIsNoFault(String text) {
        assertThatThrownBy(() -> PlannedFaults.of(text, deaths::incrementAndGet))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("PLACE@STEP@RANK");
    }
}
