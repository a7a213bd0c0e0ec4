package dev.pipelinejob.worker.checkpoint;

import dev.pipelinejob.worker.engine.StateTensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Assembles the finished model, parameters only, from the parts of a checkpoint.
record FinishedModel(StoreFiles files, CheckpointReader reader) {

    /// Replaces `target` atomically.
    ///
    /// @throws IOException also when a part is not what the manifest says
    void write(Manifest manifest, Path target) throws IOException {
        Set<String> names = new LinkedHashSet<>();
        manifest.parts().forEach(part -> names.addAll(part.parameters()));
        switch (reader.open(manifest, names)) {
            case OpenOutcome.Absent() -> throw new IOException("step " + manifest.step() + " is gone");
            case OpenOutcome.Corrupt(String part, String detail) -> throw new IOException(part + ": " + detail);
            case OpenedCheckpoint opened -> {
                try (opened) {
                    write(opened, tensors(opened), target);
                }
            }
        }
    }

    private static List<StateTensor> tensors(OpenedCheckpoint opened) {
        List<StateTensor> tensors = new ArrayList<>();
        Set<String> seen = new LinkedHashSet<>();
        for (Part part : opened.manifest().parts()) {
            for (String name : part.parameters()) {
                if (seen.add(name)) {
                    tensors.add(opened.tensor(name, part.firstLayer()));
                }
            }
        }
        return tensors;
    }

    private void write(OpenedCheckpoint opened, List<StateTensor> tensors, Path target) throws IOException {
        Path draft = target.resolveSibling("." + target.getFileName() + ".tmp");
        Map<String, String> metadata = Map.of(
                "format", "pt", "step", Integer.toString(opened.manifest().step()));
        try (StoreFiles.Sink sink = files.create(draft)) {
            Safetensors.write(sink, new TreeMap<>(metadata), tensors, opened::read);
            sink.sync();
        }
        files.move(draft, target);
        files.syncFolder(reader.layout().directory());
    }
}
