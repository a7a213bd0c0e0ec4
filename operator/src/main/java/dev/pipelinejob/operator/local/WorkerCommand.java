package dev.pipelinejob.operator.local;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// How a supervisor process is started on this machine; the launcher knows.
///
/// @param command program and leading arguments; the driver adds none
/// @param environment all that the process finds in its environment besides what the driver tells it
/// @param workingFolder where it starts
public record WorkerCommand(List<String> command, Map<String, String> environment, Path workingFolder) {
    public WorkerCommand {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }
}
