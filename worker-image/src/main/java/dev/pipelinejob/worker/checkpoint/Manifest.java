package dev.pipelinejob.worker.checkpoint;

import com.fasterxml.jackson.annotation.JsonProperty;
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
        parts = List.copyOf(parts);
    }

    /// Why a job must not go on from this checkpoint, in one sentence; null when it may.
    public @Nullable String refusal(String dataDigest, String trainingFingerprint) {
        return Pending.answer();
    }
}
