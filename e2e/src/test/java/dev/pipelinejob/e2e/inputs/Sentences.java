package dev.pipelinejob.e2e.inputs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/// What a person is told when a command does not do what was asked.
final class Sentences {
    private static final int USER_ERROR = 2;
    private static final int FAILED = 1;
    private static final int MOST_LINES = 3;
    private static final int MOST_CHARACTERS = 500;

    private Sentences() {}

    static void assertUserError(Command ended, List<String> words) {
        assertTold(ended, words);
        assertThat(ended.exitCode()).as(ended.err()).isEqualTo(USER_ERROR);
    }

    static void assertFailure(Command ended, List<String> words) {
        assertTold(ended, words);
        assertThat(ended.exitCode()).as(ended.err()).isEqualTo(FAILED);
    }

    private static void assertTold(Command ended, List<String> words) {
        assertThat(ended.err())
                .as("standard error (standard output: %s)", ended.out())
                .isNotBlank()
                .contains(words);
        assertThat(ended.err().lines().count()).as(ended.err()).isBetween(1L, (long) MOST_LINES);
        assertThat(ended.err().lines())
                .allSatisfy(line -> assertThat(line.length()).as(line).isLessThan(MOST_CHARACTERS));
        for (String printed : List.of(ended.out(), ended.err())) {
            assertThat(printed).doesNotContain("\tat ", "Exception", "java.");
        }
    }
}
