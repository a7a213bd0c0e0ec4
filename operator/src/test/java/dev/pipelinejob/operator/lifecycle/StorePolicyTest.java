package dev.pipelinejob.operator.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// How often a full store is tried again from the same step, 10.
class StorePolicyTest {
    private static final ClaimedAttempt ATTEMPT = new ClaimedAttempt(4, 10, "digest", List.of(), Scene.NOW);

    static Stream<Arguments> rows() {
        Restart full = restart(Cause.STORE_FULL, 10);
        return Stream.of(
                Arguments.of("the first time", List.of(), false),
                Arguments.of("the second", List.of(full), false),
                Arguments.of("the third", List.of(full, full), true),
                Arguments.of("after another cause", List.of(full, full, restart(Cause.ENGINE_EXITED, 10), full), false),
                Arguments.of("from another step", List.of(full, restart(Cause.STORE_FULL, 5), full), false));
    }

    private static Restart restart(Cause cause, int resumedStep) {
        return new Restart(1, cause, 0, "", Scene.NOW, resumedStep, 12, null, null, "", "", null);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void aFullStoreFailsTheJobTheThirdTimeInARow(String name, List<Restart> history, boolean fails) {
        Journal journal = Journal.EMPTY.withHistory(history.size(), history);

        assertThat(StorePolicy.fatal("gpt", journal, ATTEMPT, "No space left.") != null)
                .isEqualTo(fails);
    }
}
