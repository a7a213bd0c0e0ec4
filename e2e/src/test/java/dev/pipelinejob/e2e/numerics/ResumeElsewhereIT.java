package dev.pipelinejob.e2e.numerics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipelinejob.placement.plan.ScheduleKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A run that ends in the middle goes on from its last checkpoint with another cut, another number of workers and
/// another schedule, on the same curve.
class ResumeElsewhereIT {
    private static final int STEPS = 10;
    private static final int EVERY_STEPS = 3;

    @TempDir
    private Path folder;

    @ParameterizedTest(name = "{0} stages, then {1}, tied {2}")
    @CsvSource({"4,2,true", "1,4,true", "2,1,false", "3,4,true", "4,3,false"})
    void resumesOnTheSameCurveWithAnotherStageCount(int before, int after, boolean tied) throws Exception {
        Path text = Corpus.write(folder);
        TinyJob job = new TinyJob(4, tied, STEPS, EVERY_STEPS);
        Outcome oracle = OneProcess.train(job, text, folder);
        Path store = Files.createDirectory(folder.resolve("store"));

        trainUntilStep(5, job, Cut.even(ScheduleKind.ONE_FORWARD_ONE_BACKWARD, false, before), text, store);
        try (OneJvm second = new OneJvm(
                Cut.even(ScheduleKind.GPIPE, true, after).executable(job),
                job.spec(text, store),
                2,
                EVERY_STEPS,
                folder.resolve("cache"))) {
            second.awaitFinished();
        }

        Outcome resumed = Store.outcome(store);
        assertThat(resumed.losses()).isEqualTo(oracle.losses());
        assertThat(resumed.weights()).isEqualTo(oracle.weights());
        assertThat(List.of(
                        Files.exists(store.resolve("loss/attempt-1.csv")),
                        Files.exists(store.resolve("loss/attempt-2.csv"))))
                .containsOnly(true);
    }

    private void trainUntilStep(int step, TinyJob job, Cut cut, Path text, Path store) throws InterruptedException {
        try (OneJvm first = new OneJvm(cut.executable(job), job.spec(text, store), 1, 0, folder.resolve("cache"))) {
            first.awaitStep(step);
        }
    }
}
