package dev.pipelinejob.e2e.processes;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// A worker that stands by takes over the rank of one that is lost with its supervisor, engine and standby: the process
/// that was there before goes on, and the curve and the weights are those of the run that nobody disturbed.
@ExtendWith(Undisturbed.Once.class)
class SpareTakesOverIT {
    private static final int NO_RANK = -1;
    private static final int VICTIM = 1;

    private final SmallJob job;
    private final Result undisturbed;

    SpareTakesOverIT(Undisturbed reference) {
        job = reference.job();
        undisturbed = reference.result();
    }

    @Test
    void theSparesOwnProcessTakesTheRankAndTheCurveIsTheSame(@TempDir Path folder) throws Exception {
        Path directory = folder.resolve("spared");
        SmallJob spared = job.with("spared", "  workerPools: [{name: workers, spares: 1}]\n");
        try (Run run = Run.start(spared, directory)) {
            // A job of this size would be over before the spare is up: one rank is made to wait for it.
            Status begun = run.await("all ranks", status -> status.isRunning() && status.step() > 0);
            long held = begun.worker(0).pid();
            Run.signal("STOP", held);
            Status ready = run.await("the spare", SpareTakesOverIT::hasSpare);
            Status.Worker spare = ready.worker(NO_RANK);
            Run.kill(List.of(
                    ready.worker(VICTIM).supervisorPid(), ready.worker(VICTIM).pid()));
            Run.signal("CONT", held);

            assertThat(run.awaitComplete()).isEqualTo(undisturbed);

            AttemptFile before = AttemptFile.read(directory, 1);
            AttemptFile after = AttemptFile.read(directory, 2);
            assertThat(after.slotOf(VICTIM)).isEqualTo(spare.slot()).isNotEqualTo(before.slotOf(VICTIM));
            assertThat(after.engines()).containsEntry(spare.slot(), spare.pid());
            for (int rank : new int[] {0, 2}) {
                int slot = before.slotOf(rank);
                assertThat(after.engines()).containsEntry(slot, before.engines().get(slot));
            }
            assertThat(run.status().restarts()).isEqualTo(1);
        }
    }

    private static boolean hasSpare(Status status) {
        return status.workers().stream()
                .anyMatch(worker -> worker.rank() == NO_RANK
                        && worker.pid() > 0
                        && worker.state().equals("Idle"));
    }
}
