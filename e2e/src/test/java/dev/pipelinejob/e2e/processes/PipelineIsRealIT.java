package dev.pipelinejob.e2e.processes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// Every worker is needed for every step, and what flows between them is what was predicted.
@ExtendWith(Undisturbed.Once.class)
class PipelineIsRealIT {
    /// So many times the status is written while one worker stands still, twice: shorter than what makes an edge dead.
    private static final int REFRESHES = 2;

    @Test
    void whatFlowsOnEveryEdgeIsWhatWasPredicted(Undisturbed reference) {
        assertThat(reference.status().edges())
                .extracting(edge -> edge.fromRank() + ">" + edge.toRank())
                .contains("0>1", "1>2", "2>1", "1>0");
        assertThat(reference.status().edges())
                .allSatisfy(
                        edge -> assertThat(edge.measuredBytes()).isPositive().isEqualTo(edge.predictedBytes()));
    }

    @Test
    void anyWorkerThatStandsStillStopsTheLossesAndNothingElse(Undisturbed reference, @TempDir Path folder)
            throws Exception {
        Path directory = folder.resolve("stopped");
        try (Run run = Run.start(reference.job(), directory)) {
            Status before = run.await("the first steps", status -> status.isWhole() && status.step() >= 2);
            for (int rank = 0; rank < SmallJob.WORKERS; rank++) {
                long pid = before.worker(rank).pid();
                Run.signal("STOP", pid);
                int stopped = run.losses(1);
                int stalled = lossesAfter(run, REFRESHES);
                assertThat(stalled)
                        .as("losses while rank %d stands still", rank)
                        .isBetween(stopped, stopped + 1);
                assertThat(lossesAfter(run, REFRESHES)).isEqualTo(stalled);
                assertThat(run.status().engines()).isEqualTo(before.engines());
                Run.signal("CONT", pid);
                run.awaitLosses(1, stalled + 2);
            }
            assertThat(run.awaitComplete()).isEqualTo(reference.result());
            assertThat(run.status().restarts()).isZero();
        }
        assertThat(AttemptFile.of(directory, 2)).doesNotExist();
    }

    /// The number of losses after the status was written so many times.
    private static int lossesAfter(Run run, int refreshes) throws IOException, InterruptedException {
        Path file = run.directory().resolve("status.json");
        for (int seen = 0; seen < refreshes; seen++) {
            FileTime before = Files.getLastModifiedTime(file);
            run.await("status.json is written again", _ -> isNewer(file, before));
        }
        return run.losses(1);
    }

    private static boolean isNewer(Path file, FileTime before) {
        try {
            return Files.getLastModifiedTime(file).compareTo(before) > 0;
        } catch (IOException replaced) {
            return false;
        }
    }
}
