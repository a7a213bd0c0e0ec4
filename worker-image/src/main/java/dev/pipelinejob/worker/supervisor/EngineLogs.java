package dev.pipelinejob.worker.supervisor;

import java.io.PrintStream;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Where the words of all engine processes go.
///
/// @param folder where `<prefix>-engine-<n>.log` go
/// @param prefix what their names begin with
/// @param echo where each line is said again, as in a pod, whose log people read; null for nowhere
public record EngineLogs(
        Path folder, String prefix, @Nullable PrintStream echo) {
    EngineLog of(int engine) {
        return new EngineLog(folder.resolve(prefix + "-engine-" + engine + ".log"), echo);
    }
}
