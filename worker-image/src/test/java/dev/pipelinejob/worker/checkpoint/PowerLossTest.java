package dev.pipelinejob.worker.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipelinejob.worker.checkpoint.CommitOutcome.Committed;
import dev.pipelinejob.worker.checkpoint.DyingFiles.PowerLost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Power is lost at every single operation of a short life: two commits, a collection, a final commit.
class PowerLossTest {
    private static final long SEED = 20_261_121;
    private static final int MOST_OPERATIONS = 400;

    /// Answers the acknowledged steps; a lost power ends it.
    private static List<Integer> live(Path directory, StoreFiles files, int attempt, int resumeStep) {
        List<Integer> acknowledged = new ArrayList<>();
        CheckpointStore store = new CheckpointStore(directory, () -> true, files);
        try {
            store.begin(attempt, resumeStep);
            for (int step = resumeStep + 10; step <= 30; step += 10) {
                List<Part> parts = Samples.writeParts(store, step, attempt, 2);
                if (step == 30) {
                    store.clearBelow(step, attempt);
                }
                CommitOutcome outcome = store.commit(Samples.manifest(step, attempt, parts, step == 30));
                if (outcome instanceof Committed) {
                    acknowledged.add(step);
                }
                store.collect(attempt, 2);
            }
        } catch (PowerLost lost) {
            return acknowledged;
        }
        acknowledged.add(Integer.MAX_VALUE);
        return acknowledged;
    }

    @Test
    void everyCommittedStepIsWholeWheneverThePowerIsLost(@TempDir Path folder) throws IOException {
        System.out.println("PowerLossTest seed " + SEED);
        boolean lived = false;
        for (int operations = 0; operations < MOST_OPERATIONS && !lived; operations++) {
            Path directory = folder.resolve("store-" + operations);
            DyingFiles dying = new DyingFiles(operations, new Random(SEED + operations));

            List<Integer> acknowledged = live(directory, dying, 1, 0);
            dying.losePower();

            lived = acknowledged.contains(Integer.MAX_VALUE);
            CheckpointStore store = new CheckpointStore(directory, () -> true);
            Inventory inventory = Samples.inventory(store);
            for (int step : inventory.committedSteps()) {
                CheckpointStoreTest.assertReadsBack(store, step, Samples.tensors(0, Samples.LAYERS));
            }
            int newest = inventory.committedSteps().isEmpty()
                    ? 0
                    : inventory.committedSteps().getFirst();
            assertThat(acknowledged).as("after %d operations", operations).allSatisfy(step -> assertThat(
                            step == Integer.MAX_VALUE || step <= newest)
                    .isTrue());
            if (inventory.finalStep() > 0) {
                assertThat(store.modelFile()).exists();
            }
            assertNextAttemptFinishes(directory, newest);
        }
        assertThat(lived).as("the whole life takes fewer operations").isTrue();
    }

    private static void assertNextAttemptFinishes(Path directory, int resumeStep) throws IOException {
        live(directory, new DyingFiles(Integer.MAX_VALUE, new Random(SEED)), 2, resumeStep);
        CheckpointStore store = new CheckpointStore(directory, () -> true);
        store.collect(2, 2);
        assertThat(Samples.inventory(store).finalStep()).isEqualTo(30);
        CheckpointStoreTest.assertReadsBack(store, 30, Samples.tensors(0, Samples.LAYERS));
        try (SafetensorsFile model = (SafetensorsFile) SafetensorsFile.open(store.modelFile())) {
            assertThat(model.names()).containsExactlyElementsOf(Samples.parameters(0, Samples.LAYERS));
        }
        assertThat(Files.exists(directory.resolve("step-10"))).isEqualTo(resumeStep == 10);
    }
}
