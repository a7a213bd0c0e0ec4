package dev.pipelinejob.operator.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The driver as a process, with supervisors as processes: what survives what.
class LocalRunIT {
    private static final int STEPS = 100;
    private static final int EARLY = 30;
    private static final int LATER = 50;

    private RunFixture run;

    @BeforeEach
    void prepare(@TempDir Path home) throws IOException {
        run = new RunFixture(home, STEPS);
        run.hold(EARLY);
    }

    @AfterEach
    void leaveNothingRunning() throws IOException {
        run.supervisors(run.status()).stream().filter(RunFixture::alive).forEach(RunFixture::kill);
    }

    private void assertComplete() throws IOException {
        JsonNode status = run.status();
        assertThat(status.path("state").asText()).isEqualTo("Complete");
        assertThat(run.losses()).isEqualTo(run.expectedLosses(STEPS));
        assertThat(run.folder().resolve("model.safetensors")).hasContent("model");
        assertThat(run.supervisors(status)).noneMatch(RunFixture::alive);
    }

    @Test
    void survivorsKeepTheirProcessesWhenAWorkerIsKilled() throws Exception {
        // given
        Process driver = run.start();
        List<Long> before = run.supervisors(run.awaitStep(EARLY));

        // when
        RunFixture.kill(before.get(1));
        List<Long> after = run.supervisors(run.await(
                "a restart",
                status -> status.path("restarts").asInt() == 1
                        && status.path("attempt").asInt() == 2));
        run.release();
        int exitCode = run.awaitExit(driver);

        // then
        assertThat(exitCode).as(run.printed()).isZero();
        assertThat(after.get(0)).isEqualTo(before.get(0));
        assertThat(after.get(1)).isNotEqualTo(before.get(1));
        assertThat(after.get(2)).isEqualTo(before.get(2));
        assertThat(run.attempts()).containsExactly("attempt-1.json", "attempt-2.json");
        assertThat(run.status().path("restartHistory").get(0).path("reason").asText())
                .isEqualTo("WorkerExited");
        assertComplete();
    }

    @Test
    void aNewDriverAdoptsTheWorkersOfAKilledOne() throws Exception {
        // given
        Process driver = run.start();
        List<Long> before = run.supervisors(run.awaitStep(EARLY));

        // when
        driver.destroyForcibly().waitFor();
        run.hold(LATER);
        run.awaitRecorded(LATER);
        Process next = run.start();
        List<Long> after = run.supervisors(run.await(
                "the next driver",
                status -> status.path("driverPid").asLong() == next.pid()
                        && run.supervisors(status).equals(before)));
        run.release();
        int exitCode = run.awaitExit(next);

        // then
        assertThat(exitCode).as(run.printed()).isZero();
        assertThat(after).isEqualTo(before);
        assertThat(run.attempts()).containsExactly("attempt-1.json");
        assertComplete();
    }

    @Test
    void aSecondRunIsRefusedAndASignalEndsTheFirstInGoodOrder() throws Exception {
        // given
        Process driver = run.start();
        List<Long> workers = run.supervisors(run.awaitStep(EARLY));

        // when
        int refused = run.awaitExit(run.start());
        driver.destroy();
        run.awaitExit(driver);

        // then
        assertThat(refused).isEqualTo(2);
        assertThat(run.printed())
                .contains("in use by the run with process id " + driver.pid())
                .contains(run.folder().toString())
                .contains("goes on from the last checkpoint")
                .doesNotContain("\tat ");
        assertThat(workers).noneMatch(RunFixture::alive);

        // when it is started again
        run.release();
        int exitCode = run.awaitExit(run.start());

        // then
        assertThat(exitCode).as(run.printed()).isZero();
        assertThat(run.attempts()).containsExactly("attempt-1.json", "attempt-2.json");
        assertComplete();
    }
}
