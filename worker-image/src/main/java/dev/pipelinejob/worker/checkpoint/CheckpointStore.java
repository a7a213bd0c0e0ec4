package dev.pipelinejob.worker.checkpoint;

import dev.pipelinejob.worker.checkpoint.OpenOutcome.Corrupt;
import dev.pipelinejob.worker.engine.StateTensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A folder of checkpoints, shared by all workers of a job. What is committed never changes, and a crash at any
/// point leaves either no manifest or a complete one.
public final class CheckpointStore {
    private final StoreLayout layout;
    private final BooleanSupplier leaseHolds;
    private final StoreFiles files;
    private final CheckpointReader reader;

    /// @param directory the store's folder; created when first written
    /// @param leaseHolds whether the operator's lease holds now; without it nothing is committed or deleted
    public CheckpointStore(Path directory, BooleanSupplier leaseHolds) {
        this(directory, leaseHolds, new DiskFiles());
    }

    CheckpointStore(Path directory, BooleanSupplier leaseHolds, StoreFiles files) {
        this.layout = new StoreLayout(directory.toAbsolutePath());
        this.leaseHolds = leaseHolds;
        this.files = files;
        this.reader = new CheckpointReader(layout);
    }

    /// Marks that `attempt` goes on from `resumeStep` (0 = from the seed). Every worker calls it in Prepare, before
    /// {@link #open}: from then on older attempts neither commit nor delete here. Calling it again is harmless.
    public WriteOutcome begin(int attempt, int resumeStep) {
        try {
            files.createFolder(layout.marks());
            files.create(layout.mark(attempt, resumeStep)).close();
            files.syncFolder(layout.marks());
            return new WriteOutcome.Written();
        } catch (IOException broken) {
            return failure("The mark of attempt " + attempt, broken);
        }
    }

    /// Writes one stage's state durably. It counts for nothing until {@link #commit} names it. An attempt that is
    /// superseded leaves nothing behind, however long its worker was held up: nobody might come after it to
    /// clear up.
    public PartOutcome writePart(PartRequest request, TensorSource source) {
        String name = StoreLayout.partFile(request.attempt(), request.firstLayer(), request.endLayer());
        Path file = layout.step(request.step()).resolve(name);
        Path folder = layout.attempt(request.step(), request.attempt());
        Path draft = folder.resolve("." + file.getFileName() + ".tmp");
        Map<String, String> metadata = Map.of("format", "pt");
        try {
            Withheld.Superseded superseded = superseded(request.attempt());
            if (superseded != null) {
                return superseded;
            }
            files.createFolder(folder);
            Safetensors.Written written;
            try (StoreFiles.Sink sink = files.create(draft)) {
                written = Safetensors.write(sink, metadata, request.tensors(), source);
                sink.sync();
            }
            files.move(draft, file);
            files.syncFolder(folder);
            superseded = superseded(request.attempt());
            if (superseded != null) {
                takeBack(request, file);
                return superseded;
            }
            return new PartOutcome.PartWritten(new Part(
                    request.firstLayer(),
                    request.endLayer(),
                    name,
                    written.bytes(),
                    written.crc32c(),
                    request.tensors().stream().map(StateTensor::name).toList(),
                    request.parameters()));
        } catch (IOException broken) {
            return failure("The part " + name + " of step " + request.step(), broken);
        }
    }

    /// Of folders that are empty then, that of the step goes only when nobody writes into it any more.
    private void takeBack(PartRequest request, Path file) throws IOException {
        files.delete(file);
        StoreCollection collection = collection(() -> true);
        collection.removeFolder(layout.attempt(request.step(), request.attempt()));
        if (committed().stream().anyMatch(manifest -> manifest.step() > request.step())) {
            collection.removeFolder(layout.step(request.step()));
        }
    }

    private StoreCollection collection(StoreCollection.Permission mayChange) {
        return new StoreCollection(reader, layout, files, mayChange);
    }

    /// Makes the step a checkpoint, for one worker to call when all parts are written. With `manifest.finished()`
    /// the finished model is assembled first, so that a final manifest is never without its model.
    public CommitOutcome commit(Manifest manifest) {
        try {
            Withheld withheld = withheld(manifest.attempt());
            if (withheld != null) {
                return withheld;
            }
            requireParts(manifest);
            if (manifest.finished()) {
                new FinishedModel(files, reader).write(manifest, modelFile());
            }
            Path draft = layout.attempt(manifest.step(), manifest.attempt()).resolve(StoreLayout.MANIFEST_DRAFT);
            try (StoreFiles.Sink sink = files.create(draft)) {
                writeFully(sink, ManifestJson.encode(manifest));
                sink.sync();
            }
            withheld = withheld(manifest.attempt());
            CommitOutcome outcome = withheld == null ? publish(manifest, draft) : withheld;
            files.delete(draft);
            return outcome;
        } catch (IOException broken) {
            return failure("The manifest of step " + manifest.step(), broken);
        }
    }

    /// First commit wins, unless what stands there cannot be used: then nobody could resume from it, and it is set
    /// aside.
    private CommitOutcome publish(Manifest manifest, Path draft) throws IOException {
        int step = manifest.step();
        if (Files.exists(layout.manifest(step))) {
            Manifest standing = usable(step);
            if (standing != null) {
                return new CommitOutcome.AlreadyCommitted(standing);
            }
            files.move(layout.manifest(step), layout.step(step).resolve(StoreLayout.SET_ASIDE));
        }
        files.link(layout.manifest(step), draft);
        files.syncFolder(layout.step(step));
        return new CommitOutcome.Committed(manifest);
    }

    private @Nullable Manifest usable(int step) throws IOException {
        Manifest manifest = manifest(step);
        if (manifest == null) {
            return null;
        }
        List<String> everything = manifest.parts().stream()
                .flatMap(part -> part.tensors().stream())
                .toList();
        if (reader.open(manifest, everything) instanceof OpenedCheckpoint opened) {
            opened.close();
            return manifest;
        }
        return null;
    }

    private void requireParts(Manifest manifest) throws IOException {
        for (Part part : manifest.parts()) {
            long bytes = Files.size(layout.step(manifest.step()).resolve(part.file()));
            if (bytes != part.bytes()) {
                throw new IOException("part " + part.file() + " has " + bytes + " bytes instead of " + part.bytes());
            }
        }
    }

    /// Removes committed steps beyond the newest `keepLast`, and what older attempts left half done. The final step
    /// and the step that `attempt` resumed from stay.
    public CollectOutcome collect(int attempt, int keepLast) {
        try {
            Withheld withheld = withheld(attempt);
            if (withheld != null) {
                return withheld;
            }
            return new CollectOutcome.Collected(
                    collection(() -> withheld(attempt) == null).collect(attempt, keepLast, committed()));
        } catch (IOException broken) {
            return failure("The removal of old checkpoints", broken);
        }
    }

    /// Removes what this attempt and older ones left half done below a step that all workers of `attempt` have written:
    /// for the last commit, which no collection is sure to follow.
    public CollectOutcome clearBelow(int step, int attempt) {
        try {
            Withheld withheld = withheld(attempt);
            if (withheld != null) {
                return withheld;
            }
            collection(() -> withheld(attempt) == null).clearBelow(step, attempt);
            return new CollectOutcome.Collected(List.of());
        } catch (IOException broken) {
            return failure("The removal of half-written checkpoints", broken);
        }
    }

    /// The committed steps. Rubbish, partial and foreign files are passed over; a store that is not there is empty.
    public InventoryOutcome inventory() {
        try {
            return inventory(committed());
        } catch (IOException broken) {
            return new InventoryOutcome.Unlistable("The store " + layout.directory() + " cannot be listed: "
                    + StoreFailures.reason(broken) + ". Make it a folder that this process may read.");
        }
    }

    private static Inventory inventory(List<Manifest> committed) {
        int finalStep = committed.stream()
                .filter(Manifest::finished)
                .mapToInt(Manifest::step)
                .max()
                .orElse(0);
        return new Inventory(
                committed.stream()
                        .limit(Inventory.MAXIMUM_STEPS)
                        .map(Manifest::step)
                        .toList(),
                finalStep,
                committed.isEmpty() ? "" : committed.getFirst().dataDigest(),
                committed.isEmpty() ? "" : committed.getFirst().numericsFingerprint());
    }

    /// The manifest of a committed step; null when there is none or it is damaged.
    public @Nullable Manifest manifest(int step) {
        return reader.soundManifest(step);
    }

    /// Opens a committed step and verifies the parts that hold the needed tensors, whatever they were cut like.
    public OpenOutcome open(int step, Collection<StateTensor> needed) {
        OpenOutcome outcome =
                reader.open(step, needed.stream().map(StateTensor::name).toList());
        if (outcome instanceof OpenedCheckpoint opened) {
            for (StateTensor tensor : needed) {
                if (!opened.tensor(tensor.name(), tensor.layer()).equals(tensor)) {
                    opened.closeQuietly();
                    return new Corrupt(StoreLayout.MANIFEST, "Tensor " + tensor.name() + " has another shape.");
                }
            }
        }
        return outcome;
    }

    /// Where the finished model is once a final manifest is committed.
    public Path modelFile() {
        return layout.directory().resolve("model.safetensors");
    }

    private List<Manifest> committed() throws IOException {
        List<Manifest> committed = new ArrayList<>();
        for (int step : layout.steps()) {
            Manifest manifest = manifest(step);
            if (manifest != null) {
                committed.add(manifest);
            }
        }
        return committed;
    }

    private @Nullable Withheld withheld(int attempt) throws IOException {
        if (!leaseHolds.getAsBoolean()) {
            return new Withheld.LeaseExpired();
        }
        return superseded(attempt);
    }

    private Withheld.@Nullable Superseded superseded(int attempt) throws IOException {
        int newest = layout.newestAttempt();
        return newest > attempt ? new Withheld.Superseded(newest) : null;
    }

    private StoreFailure failure(String what, IOException cause) {
        return StoreFailures.of(layout.directory(), what, cause);
    }

    static void writeFully(StoreFiles.Sink sink, byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            sink.write(buffer);
        }
    }
}
