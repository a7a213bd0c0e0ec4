package dev.pipelinejob.worker.checkpoint;

/// What became of {@link SafetensorsFile#open}.
public sealed interface SafetensorsOutcome permits SafetensorsFile, SafetensorsOutcome.Malformed {
    /// The file is not sound safetensors.
    ///
    /// @param detail what is wrong, as the end of a sentence about the file
    record Malformed(String detail) implements SafetensorsOutcome {}
}
