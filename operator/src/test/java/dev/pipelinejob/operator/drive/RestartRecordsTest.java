package dev.pipelinejob.operator.drive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipelinejob.api.v1alpha1.PipelineJobStatus;
import dev.pipelinejob.api.v1alpha1.RestartRecord;
import dev.pipelinejob.operator.lifecycle.Cause;
import dev.pipelinejob.operator.lifecycle.ExitStatus;
import dev.pipelinejob.operator.lifecycle.Restart;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RestartRecordsTest {
    private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");

    private static Restart restart(int attempt, String detail, ExitStatus exit) {
        return new Restart(attempt, Cause.WORKER_EXITED, 1, "n", AT, 10, 12, null, null, detail, "", exit);
    }

    @Test
    void theNewestComeFirstAndOnlySoManyAreKept() {
        List<Restart> history = IntStream.rangeClosed(2, 14)
                .mapToObj(attempt -> restart(attempt, "it died", new ExitStatus(1, 0)))
                .toList();

        assertThat(RestartRecords.newestFirst(history))
                .hasSize(PipelineJobStatus.MAX_HISTORY)
                .extracting(RestartRecord::attempt)
                .startsWith(14, 13)
                .endsWith(5);
    }

    @ParameterizedTest
    @CsvSource({"1024, 1024, x", "1025, 1024, …"})
    void aMessageThatIsTooLongEndsInAnEllipsis(int length, int expected, String end) {
        RestartRecord record = RestartRecords.newestFirst(List.of(restart(2, "x".repeat(length), new ExitStatus(1, 0))))
                .getFirst();

        assertThat(record.message()).hasSize(expected).endsWith(end);
    }

    @Test
    void aProcessEndedByItselfOrByASignal() {
        List<RestartRecord> records = RestartRecords.newestFirst(
                List.of(restart(2, "", new ExitStatus(3, 0)), restart(3, "", new ExitStatus(137, 9))));

        assertThat(records).extracting(RestartRecord::exitCode).containsExactly(null, 3);
        assertThat(records).extracting(RestartRecord::signal).containsExactly(9, null);
    }
}
