package dev.pipelinejob.worker.checkpoint;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a committed step consists of.
///
/// @param step the completed step
/// @param attempt the attempt that wrote every part
/// @param samplesConsumed the data cursor: samples of all steps up to this one
/// @param dataDigest SHA-256 of the tokens
/// @param numericsFingerprint the engine's fingerprint
/// @param trainingFingerprint digest of everything immutable in the job, see {@link TrainingFingerprint}
/// @param parts in layer order
/// @param finished true when this is the job's last step
public record Manifest(
        int step,
        int attempt,
        long samplesConsumed,
        String dataDigest,
        String numericsFingerprint,
        String trainingFingerprint,
        List<Part> parts,
        @JsonProperty("final") boolean finished) {
    public Manifest {
        parts = parts.stream().sorted(Comparator.comparingInt(Part::firstLayer)).toList();
        if (step < 1 || attempt < 1 || parts.isEmpty()) {
            throw new IllegalArgumentException(
                    "A manifest of step " + step + ", attempt " + attempt + " with " + parts.size() + " parts.");
        }
        int layer = 0;
        for (Part part : parts) {
            String expected = StoreLayout.partFile(attempt, part.firstLayer(), part.endLayer());
            if (!part.file().equals(expected)) {
                throw new IllegalArgumentException(
                        "A manifest of attempt " + attempt + " names " + part.file() + " instead of " + expected + ".");
            }
            if (part.firstLayer() != layer) {
                throw new IllegalArgumentException("The parts of step " + step + " hold layer "
                        + Math.min(layer, part.firstLayer()) + " not exactly once.");
            }
            layer = part.endLayer();
        }
    }

    /// Why a job must not go on from this checkpoint, in one sentence; null when it may.
    public @Nullable String refusal(String dataDigest, String trainingFingerprint) {
        if (!this.dataDigest.equals(dataDigest)) {
            return "The data has changed: the checkpoint of step " + step + " was trained on data with SHA-256 "
                    + this.dataDigest + ", but the data now has " + dataDigest
                    + ". Put the old data back, or start afresh in another store.";
        }
        if (!this.trainingFingerprint.equals(trainingFingerprint)) {
            return "The job has changed: the checkpoint of step " + step + " belongs to another model, optimizer, seed,"
                    + " batch or number of micro-batches. Put the old values back, or start afresh in another store.";
        }
        return null;
    }
}
