package dev.pipelinejob.worker.checkpoint;

import dev.pipelinejob.worker.engine.StateTensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A checkpoint whose needed parts are verified and open for reading.
public final class OpenedCheckpoint implements OpenOutcome, AutoCloseable {
    private final Manifest manifest;
    private final Map<String, SafetensorsFile> fileByTensor = new HashMap<>();
    private final List<SafetensorsFile> files;

    /// Takes over the files: they are closed with the checkpoint.
    OpenedCheckpoint(Manifest manifest, List<SafetensorsFile> files) {
        this.manifest = manifest;
        this.files = List.copyOf(files);
        for (SafetensorsFile file : files) {
            file.names().forEach(name -> fileByTensor.putIfAbsent(name, file));
        }
    }

    public Manifest manifest() {
        return manifest;
    }

    /// Fills exactly `into.remaining()` bytes and leaves position and limit as they were, ready to be read.
    ///
    /// @throws IllegalArgumentException when the tensor was not among the needed ones
    /// @throws IOException when the file breaks after it was verified; treat it as corrupt
    public void read(StateTensor tensor, ByteBuffer into) throws IOException {
        file(tensor.name()).read(tensor.name(), into);
    }

    /// The tensor of this name, with the shape that the file says.
    StateTensor tensor(String name, int layer) {
        return new StateTensor(name, layer, file(name).shape(name));
    }

    private SafetensorsFile file(String tensor) {
        SafetensorsFile file = fileByTensor.get(tensor);
        if (file == null) {
            throw new IllegalArgumentException(
                    "Tensor " + tensor + " was not among those that the checkpoint was opened for.");
        }
        return file;
    }

    @Override
    public void close() throws IOException {
        for (SafetensorsFile file : files) {
            file.close();
        }
    }

    /// For a reader that has no more use for it: a file that does not close loses nothing.
    void closeQuietly() {
        try {
            close();
        } catch (IOException _) {
            return;
        }
    }
}
