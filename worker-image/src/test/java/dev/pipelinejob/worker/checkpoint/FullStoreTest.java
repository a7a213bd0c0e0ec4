package dev.pipelinejob.worker.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipelinejob.worker.checkpoint.InventoryOutcome.Unlistable;
import dev.pipelinejob.worker.checkpoint.StoreFailure.StoreError;
import dev.pipelinejob.worker.checkpoint.StoreFailure.StoreFull;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whatever keeps a store from being written is one sentence, and what was committed stays.
class FullStoreTest {
    private static final PartRequest PART =
            new PartRequest(20, 1, 0, Samples.LAYERS, Samples.tensors(0, Samples.LAYERS), Samples.parameters(0, 8));

    /// Every file is the system's own full device: the kernel refuses the first byte.
    private static final class FullDisk implements StoreFiles {
        private final StoreFiles disk = new DiskFiles();

        @Override
        public void createFolder(Path folder) throws IOException {
            disk.createFolder(folder);
        }

        @Override
        public Sink create(Path file) throws IOException {
            return new DiskFiles.FileSink(FileChannel.open(Path.of("/dev/full"), StandardOpenOption.WRITE));
        }

        @Override
        public void syncFolder(Path folder) throws IOException {
            disk.syncFolder(folder);
        }

        @Override
        public void link(Path link, Path existing) throws IOException {
            disk.link(link, existing);
        }

        @Override
        public void move(Path from, Path to) throws IOException {
            disk.move(from, to);
        }

        @Override
        public void delete(Path path) throws IOException {
            disk.delete(path);
        }
    }

    @Test
    void aFullDiskIsToldAndTheCommittedStepsStay(@TempDir Path directory) {
        CheckpointStore sound = new CheckpointStore(directory, () -> true);
        Samples.checkpoint(sound, 10, 1, 1);
        CheckpointStore full = new CheckpointStore(directory, () -> true, new FullDisk());

        assertThat(full.writePart(PART, Samples.state(20)))
                .isInstanceOfSatisfying(StoreFull.class, outcome -> assertThat(outcome.sentence())
                        .contains("step 20", directory.toString(), "free some space"));
        Manifest manifest = Samples.manifest(20, 1, Samples.writeParts(sound, 20, 1, 1), false);
        assertThat(full.commit(manifest)).isInstanceOf(StoreFull.class);
        assertThat(LossSegment.of(directory, 1, new FullDisk()).append(20, 1.5)).isInstanceOf(StoreFull.class);
        assertThat(Samples.inventory(sound).committedSteps()).containsExactly(10);
    }

    @Test
    void aStoreThatIsNoFolderIsTold(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "not a folder");
        CheckpointStore store = new CheckpointStore(file, () -> true);

        assertThat(store.begin(1, 0)).isInstanceOf(StoreError.class);
        assertThat(store.writePart(PART, Samples.state(20)))
                .isInstanceOfSatisfying(StoreError.class, outcome -> assertThat(outcome.sentence())
                        .contains(file.toString(), "Make the folder writable"));
        assertThat(store.inventory()).isInstanceOfSatisfying(Unlistable.class, outcome -> assertThat(outcome.sentence())
                .contains(file.toString(), "it is not a folder", "Make it a folder"));
    }

    @Test
    void aStoreThatCannotBeListedIsNotAnEmptyOne(@TempDir Path folder) throws IOException {
        Path loop = folder.resolve("loop");
        Files.createSymbolicLink(loop, loop);
        CheckpointStore store = new CheckpointStore(loop, () -> true);

        assertThat(store.inventory()).isInstanceOfSatisfying(Unlistable.class, outcome -> assertThat(outcome.sentence())
                .contains(loop.toString()));
        assertThat(store.collect(1, 1)).isInstanceOf(StoreError.class);
    }

    @Test
    void aKernelFolderThatNobodyMayWriteIsTold() {
        CheckpointStore store = new CheckpointStore(Path.of("/proc/checkpoints"), () -> true);

        assertThat(store.begin(1, 0)).isInstanceOf(StoreError.class);
        assertThat(Samples.inventory(store).committedSteps()).isEmpty();
    }
}
