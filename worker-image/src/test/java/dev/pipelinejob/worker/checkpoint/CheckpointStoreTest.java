package dev.pipelinejob.worker.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipelinejob.worker.checkpoint.CollectOutcome.Collected;
import dev.pipelinejob.worker.checkpoint.CommitOutcome.AlreadyCommitted;
import dev.pipelinejob.worker.checkpoint.CommitOutcome.Committed;
import dev.pipelinejob.worker.checkpoint.OpenOutcome.Absent;
import dev.pipelinejob.worker.checkpoint.OpenOutcome.Corrupt;
import dev.pipelinejob.worker.engine.StateTensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckpointStoreTest {
    private static final PartRequest PART = new PartRequest(
            20, 1, 0, Samples.LAYERS, Samples.tensors(0, Samples.LAYERS), Samples.parameters(0, Samples.LAYERS));

    private final AtomicBoolean lease = new AtomicBoolean(true);
    private Path directory;
    private CheckpointStore store;

    @BeforeEach
    void open(@TempDir Path folder) {
        directory = folder;
        store = new CheckpointStore(directory, lease::get);
        assertThat(store.begin(1, 0)).isInstanceOf(WriteOutcome.Written.class);
    }

    static void assertReadsBack(CheckpointStore store, int step, List<StateTensor> needed) throws IOException {
        try (OpenedCheckpoint opened = (OpenedCheckpoint) store.open(step, needed)) {
            assertThat(opened.manifest().step()).isEqualTo(step);
            for (StateTensor tensor : needed) {
                ByteBuffer bytes = ByteBuffer.allocateDirect(Math.toIntExact(tensor.bytes()));
                opened.read(tensor, bytes);
                byte[] read = new byte[bytes.remaining()];
                bytes.get(read);
                assertThat(read).isEqualTo(Samples.bytes(step, tensor));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1,4", "2,1", "4,2", "8,4", "2,8"})
    void readsTensorsWhateverThePartsWereCutLike(int stagesThen, int stagesNow) throws IOException {
        assertThat(Samples.checkpoint(store, 10, 1, stagesThen)).isInstanceOf(Committed.class);

        int width = Samples.LAYERS / stagesNow;
        for (int first = 0; first < Samples.LAYERS; first += width) {
            assertReadsBack(store, 10, Samples.tensors(first, first + width));
        }
    }

    @Test
    void aStepWithoutManifestIsAbsentAndNotInTheInventory() {
        Samples.writeParts(store, 10, 1, 2);

        assertThat(store.open(10, Samples.tensors(0, 1))).isEqualTo(new Absent());
        assertThat(store.inventory()).isEqualTo(new Inventory(List.of(), 0, "", ""));
    }

    @Test
    void theFirstCommitOfAStepWins() throws IOException {
        Samples.checkpoint(store, 10, 1, 2);
        byte[] manifest = Files.readAllBytes(directory.resolve("step-10/manifest.json"));
        store.begin(2, 0);

        CommitOutcome second = Samples.checkpoint(store, 10, 2, 4);

        assertThat(second).isInstanceOf(AlreadyCommitted.class);
        assertThat(directory.resolve("step-10/manifest.json")).hasBinaryContent(manifest);
    }

    @Test
    void aDamagedStepIsCommittedAgainByTheNextAttempt() throws IOException {
        Samples.checkpoint(store, 10, 1, 1);
        Path part = directory.resolve("step-10/attempt-1/layers-0000-0008.safetensors");
        Files.write(part, new byte[] {1, 2, 3});
        store.begin(2, 0);

        assertThat(Samples.checkpoint(store, 10, 2, 2)).isInstanceOf(Committed.class);

        assertReadsBack(store, 10, Samples.tensors(0, Samples.LAYERS));
        assertThat(directory.resolve("step-10/manifest.json.corrupt")).exists();
    }

    @Test
    void withoutALeaseNothingIsCommittedOrDeleted() {
        for (int step = 1; step <= 3; step++) {
            Samples.checkpoint(store, step, 1, 1);
        }
        lease.set(false);

        assertThat(Samples.checkpoint(store, 4, 1, 1)).isEqualTo(new Withheld.LeaseExpired());
        assertThat(store.collect(1, 1)).isEqualTo(new Withheld.LeaseExpired());
        assertThat(Samples.inventory(store).committedSteps()).containsExactly(3, 2, 1);
    }

    @Test
    void anAttemptThatIsSupersededNeitherCommitsNorDeletes() {
        for (int step = 1; step <= 3; step++) {
            Samples.checkpoint(store, step, 1, 1);
        }
        List<Part> parts = Samples.writeParts(store, 4, 1, 1);
        store.begin(2, 1);

        assertThat(store.commit(Samples.manifest(4, 1, parts, false))).isEqualTo(new Withheld.Superseded(2));
        assertThat(store.collect(1, 1)).isEqualTo(new Withheld.Superseded(2));
        assertThat(Samples.inventory(store).committedSteps()).containsExactly(3, 2, 1);
    }

    @Test
    void keepsTheNewestTheResumeStepAndTheFinalStep() throws IOException {
        for (int step = 1; step <= 6; step++) {
            Samples.checkpoint(store, step, 1, 2);
        }
        store.begin(2, 2);
        Files.writeString(directory.resolve("step-1/notes.txt"), "mine");

        CollectOutcome outcome = store.collect(2, 2);

        assertThat(outcome).isEqualTo(new Collected(List.of(1, 3, 4)));
        assertThat(Samples.inventory(store).committedSteps()).containsExactly(6, 5, 2);
        assertThat(directory.resolve("step-3")).doesNotExist();
        assertThat(directory.resolve("step-1/notes.txt")).exists();
        assertThat(directory.resolve("step-1/attempt-1")).doesNotExist();
    }

    @Test
    void aStepThatHasLostAPartTakesNobodysPlaceAmongTheNewest() throws IOException {
        for (int step = 1; step <= 4; step++) {
            Samples.checkpoint(store, step, 1, 1);
        }
        try (Stream<Path> parts = Files.list(directory.resolve("step-4/attempt-1"))) {
            Files.delete(parts.sorted().findFirst().orElseThrow());
        }

        CollectOutcome outcome = store.collect(1, 2);

        assertThat(outcome).isEqualTo(new Collected(List.of(1)));
        assertThat(Samples.inventory(store).committedSteps()).containsExactly(4, 3, 2);
    }

    @Test
    void partialStepsOfOlderAttemptsAreRemovedAndTheRunningOnesStay() {
        Samples.checkpoint(store, 10, 1, 1);
        Samples.writeParts(store, 20, 1, 2);
        store.begin(2, 10);
        Samples.checkpoint(store, 15, 2, 1);
        Samples.writeParts(store, 20, 2, 2);

        store.collect(2, 5);

        assertThat(directory.resolve("step-20/attempt-1")).doesNotExist();
        assertThat(directory.resolve("step-20/attempt-2")).isNotEmptyDirectory();
        assertThat(Samples.inventory(store).committedSteps()).containsExactly(15, 10);
    }

    @Test
    void aWorkerThatWasHeldUpWritesNothingForAnAttemptThatIsSuperseded() {
        store.begin(1, 0);
        store.begin(2, 0);
        Samples.checkpoint(store, 30, 2, 1);

        assertThat(store.writePart(PART, Samples.state(20))).isEqualTo(new Withheld.Superseded(2));
        assertThat(directory.resolve("step-20")).doesNotExist();
    }

    @Test
    void aPartThatIsOvertakenWhileItIsWrittenIsTakenBack() {
        AtomicBoolean overtaken = new AtomicBoolean();
        TensorSource heldUp = (tensor, into) -> {
            if (overtaken.compareAndSet(false, true)) {
                store.begin(2, 0);
                Samples.writeParts(store, 20, 2, 2);
            }
            Samples.state(20).read(tensor, into);
        };

        assertThat(store.writePart(PART, heldUp)).isEqualTo(new Withheld.Superseded(2));
        assertThat(directory.resolve("step-20/attempt-1")).doesNotExist();
        assertThat(directory.resolve("step-20/attempt-2")).isNotEmptyDirectory();
    }

    @Test
    void aPartThatIsOvertakenUntilItsStepIsPastLeavesNoFolder() {
        AtomicBoolean overtaken = new AtomicBoolean();
        TensorSource heldUp = (tensor, into) -> {
            if (overtaken.compareAndSet(false, true)) {
                store.begin(2, 0);
                Samples.checkpoint(store, 30, 2, 2);
            }
            Samples.state(20).read(tensor, into);
        };

        assertThat(store.writePart(PART, heldUp)).isEqualTo(new Withheld.Superseded(2));
        assertThat(directory.resolve("step-20")).doesNotExist();
    }

    @Test
    void whatIsHalfWrittenGoesBeforeTheFinalCommitAndWhatIsWrittenStays() {
        Samples.checkpoint(store, 10, 1, 1);
        Samples.writeParts(store, 20, 1, 2);
        store.begin(2, 10);
        Samples.writeParts(store, 30, 2, 2);

        assertThat(store.clearBelow(30, 2)).isEqualTo(new Collected(List.of()));

        assertThat(directory.resolve("step-20")).doesNotExist();
        assertThat(directory.resolve("step-30/attempt-2")).isNotEmptyDirectory();
        assertThat(Samples.inventory(store).committedSteps()).containsExactly(10);
        assertThat(store.clearBelow(30, 1)).isEqualTo(new Withheld.Superseded(2));
    }

    @Test
    void theFinalCommitLeavesTheModelWithParametersOnly() throws IOException {
        List<Part> parts = Samples.writeParts(store, 30, 1, 4);

        store.commit(Samples.manifest(30, 1, parts, true));

        assertThat(Samples.inventory(store).finalStep()).isEqualTo(30);
        try (SafetensorsFile model = (SafetensorsFile) SafetensorsFile.open(store.modelFile())) {
            assertThat(model.names()).containsExactlyElementsOf(Samples.parameters(0, Samples.LAYERS));
            assertThat(model.metadata()).containsEntry("step", "30");
        }
    }

    @Test
    void foreignAndBrokenFilesArePassedOver() throws IOException {
        Samples.checkpoint(store, 10, 1, 1);
        Files.createDirectories(directory.resolve("step-99"));
        Files.writeString(directory.resolve("step-99/manifest.json"), "{\"step\": 99");
        Files.createDirectories(directory.resolve("step-007"));
        Files.createDirectories(directory.resolve("lost+found"));
        Files.writeString(directory.resolve("step-5"), "a file");

        assertThat(Samples.inventory(store).committedSteps()).containsExactly(10);
        assertThat(store.open(99, List.of())).isInstanceOf(Corrupt.class);
    }

    @Test
    void everyDamagedByteIsFound() throws IOException {
        Samples.checkpoint(store, 10, 1, 2);
        List<Path> files;
        try (Stream<Path> tree = Files.walk(directory.resolve("step-10"))) {
            files = tree.filter(Files::isRegularFile).sorted().toList();
        }
        for (Path file : files) {
            byte[] sound = Files.readAllBytes(file);
            for (int index = 0; index < sound.length; index++) {
                byte[] damaged = sound.clone();
                damaged[index] ^= (byte) (1 << (index % 8));
                Files.write(file, damaged);
                assertThat(store.open(10, Samples.tensors(0, Samples.LAYERS)))
                        .as("byte %d of %s", index, file)
                        .isInstanceOf(Corrupt.class);
            }
            Files.write(file, sound);
        }
        assertReadsBack(store, 10, Samples.tensors(0, Samples.LAYERS));
    }

    @Test
    void aTruncatedOrMissingPartIsFoundByTheWorkerThatNeedsIt() throws IOException {
        Samples.checkpoint(store, 10, 1, 2);
        Files.delete(directory.resolve("step-10/attempt-1/layers-0004-0008.safetensors"));

        assertReadsBack(store, 10, Samples.tensors(0, 4));
        assertThat(store.open(10, Samples.tensors(4, 5)))
                .isInstanceOfSatisfying(Corrupt.class, corrupt -> assertThat(corrupt.part())
                        .isEqualTo("attempt-1/layers-0004-0008.safetensors"));
    }

    @Test
    void partsTravelAsBytes() {
        Part part = Samples.writeParts(store, 1, 1, 2).getLast();

        assertThat(Part.decode(ByteBuffer.wrap(part.encode()))).isEqualTo(part);
    }

    @Test
    void aManifestSaysWhyAJobMayNotGoOn() {
        Manifest manifest = Samples.manifest(5, 1, Samples.writeParts(store, 5, 1, 1), false);

        assertThat(manifest.refusal(Samples.DATA, Samples.TRAINING)).isNull();
        assertThat(manifest.refusal("other", Samples.TRAINING)).contains("data has changed", "step 5", "other");
        assertThat(manifest.refusal(Samples.DATA, "other")).contains("job has changed", "step 5");
    }
}
