package dev.pipelinejob.e2e.processes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What a finished run leaves: its curve and its weights, to the byte.
///
/// @param losses all of `loss.csv`
/// @param modelSha256 digest of `model.safetensors`
public record Result(String losses, String modelSha256) {
    public static Result of(Path directory) throws IOException {
        return new Result(
                Files.readString(directory.resolve("loss.csv")),
                Digests.sha256(directory.resolve("model.safetensors")));
    }

    public int rows() {
        return Math.toIntExact(losses.lines().count()) - 1;
    }
}
