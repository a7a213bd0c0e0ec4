package dev.pipelinejob.e2e.processes;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// Whatever dies, and whenever: the curve and the weights are those of the run that nobody disturbed, byte by byte, and
/// what was healthy keeps its process.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(Undisturbed.Once.class)
class KilledInEveryPhaseIT {
    /// Between two checkpoints.
    private static final int MIDWAY = 14;
    /// Steps that workers complete without a driver.
    private static final int ALONE = 5;

    private final SmallJob job;
    private final Result undisturbed;
    private Path folder;

    KilledInEveryPhaseIT(Undisturbed reference) {
        job = reference.job();
        undisturbed = reference.result();
    }

    @BeforeAll
    void prepare(@TempDir Path shared) {
        folder = shared;
    }

    /// One engine dies in each attempt, each time in another phase: so one run shows them all.
    ///
    /// @param place where it dies, with the step, in the words of `PIPELINEJOB_FAULT`
    /// @param victim its rank
    /// @param resumeStep where the next attempt goes on
    private record Death(String phase, String place, int victim, int resumeStep) {}

    private static final List<Death> DEATHS = List.of(
            new Death("the first Prepare", "PREPARE@0", 2, 0),
            new Death("before the first checkpoint", "FORWARD@3", 1, 0),
            new Death("during a part's write", "PART_HALF_WRITTEN@20", 1, 10),
            new Death("between parts and commit", "COMMIT@20", 0, 10),
            new Death("a step's first forwards", "FORWARD@23", 2, 20),
            new Death("the Prepare of a recovery", "PREPARE@20", 1, 20),
            new Death("the steady state", "BACKWARD@24", 0, 20),
            new Death("the optimizer step", "OPTIMIZER_STEP@35", 1, 30));

    @Test
    void anEngineThatDiesIsReplacedInAnyPhaseAndTheOthersStay() throws Exception {
        Path directory = folder.resolve("phases");
        List<String> faults = new ArrayList<>();
        for (Death death : DEATHS) {
            faults.add(death.place() + "@" + death.victim() + "@" + (faults.size() + 1));
        }
        try (Run run = Run.start(job, directory, String.join(",", faults))) {
            assertThat(run.awaitComplete()).isEqualTo(undisturbed);
            assertThat(run.status().restarts()).isEqualTo(DEATHS.size());
        }
        for (int attempt = 1; attempt <= DEATHS.size(); attempt++) {
            Death death = DEATHS.get(attempt - 1);
            AttemptFile next = AttemptFile.read(directory, attempt + 1);
            assertThat(next.resumeStep()).as(death.phase()).isEqualTo(death.resumeStep());
            assertOnlyReplaced(directory, attempt, List.of(death.victim()));
        }
        assertThat(AttemptFile.of(directory, DEATHS.size() + 2)).doesNotExist();
    }

    @Test
    void twoEnginesThatDieAtOnceAreOneRestart() throws Exception {
        Path directory = folder.resolve("two");
        try (Run run = Run.start(job, directory)) {
            Status before = midway(run);
            Run.kill(List.of(before.worker(0).pid(), before.worker(2).pid()));

            assertThat(run.awaitComplete()).isEqualTo(undisturbed);
            assertThat(run.status().restarts()).isEqualTo(1);
        }
        assertOnlyReplaced(directory, 1, List.of(0, 2));
    }

    @Test
    void aSupervisorThatDiesTakesOnlyItsOwnEngineWithIt() throws Exception {
        Path directory = folder.resolve("supervisor");
        try (Run run = Run.start(job, directory)) {
            Run.kill(List.of(midway(run).worker(1).supervisorPid()));

            assertThat(run.awaitComplete()).isEqualTo(undisturbed);
        }
        assertOnlyReplaced(directory, 1, List.of(1));
    }

    @Test
    void killedAsAWholeItGoesOnWhenStartedAgain() throws Exception {
        Path directory = folder.resolve("everything");
        try (Run run = Run.start(job, directory)) {
            midway(run);
            run.killEverything();
        }
        try (Run again = Run.start(job, directory)) {
            assertThat(again.awaitComplete()).isEqualTo(undisturbed);
        }
        assertThat(AttemptFile.read(directory, 2).resumeStep()).isPositive();
    }

    /// How far they get alone depends on how fast the next driver starts: they may even be done.
    @Test
    void workersTrainOnWithoutTheirDriverAndTheNextOneAdoptsEveryProcess() throws Exception {
        Path directory = folder.resolve("driver");
        try (Run run = Run.start(job, directory)) {
            Status before = run.await("the first steps", status -> status.isWhole() && status.step() >= 1);
            run.killDriver();
            run.awaitLosses(1, run.losses(1) + ALONE);
            try (Run again = Run.start(job, directory)) {
                assertThat(again.awaitComplete()).isEqualTo(undisturbed);
                assertThat(again.status().restarts()).isZero();
            }
            String log = Files.readString(directory.resolve("logs/driver.log"));
            SortedMap<Integer, Long> engines = AttemptFile.read(directory, 1).engines();
            assertThat(before.workers()).hasSize(SmallJob.WORKERS).allSatisfy(worker -> {
                assertThat(log)
                        .contains("Adopted the supervisor of slot %d: pid %d."
                                .formatted(worker.slot(), worker.supervisorPid()));
                assertThat(engines).containsEntry(worker.slot(), worker.pid());
            });
        }
        // Another engine, or another supervisor, would have needed another attempt.
        assertThat(AttemptFile.of(directory, 2)).doesNotExist();
    }

    /// Far from the beginning and from the end.
    private static Status midway(Run run) throws Exception {
        return run.await("step " + MIDWAY, status -> status.isWhole() && status.step() >= MIDWAY);
    }

    /// The engines of the next attempt against those of this one.
    private static void assertOnlyReplaced(Path directory, int attempt, List<Integer> victims) throws Exception {
        AttemptFile before = AttemptFile.read(directory, attempt);
        SortedMap<Integer, Long> then = before.engines();
        SortedMap<Integer, Long> now = AttemptFile.read(directory, attempt + 1).engines();
        List<Integer> replaced = then.keySet().stream()
                .filter(slot -> !Objects.equals(then.get(slot), now.get(slot)))
                .toList();
        assertThat(replaced)
                .as("slots whose engine is another after attempt %d", attempt)
                .containsExactlyElementsOf(
                        victims.stream().map(before::slotOf).sorted().toList());
    }
}
