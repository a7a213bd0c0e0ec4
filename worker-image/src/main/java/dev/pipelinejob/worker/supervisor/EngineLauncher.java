package dev.pipelinejob.worker.supervisor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Starts engine processes, each with a socket and a log of its own.
public final class EngineLauncher {
    private static final Logger LOG = LoggerFactory.getLogger(EngineLauncher.class);

    private final List<String> command;
    private final Map<String, String> environment;
    private final Path socketFolder;
    private final EngineLogs logs;
    private int started;

    /// Prepares to start engines.
    ///
    /// @param command the program with all arguments
    /// @param environment added to this process's own
    /// @param logs where their words go
    /// @throws IOException when no private folder for sockets, or none for logs, can be made
    public EngineLauncher(List<String> command, Map<String, String> environment, EngineLogs logs) throws IOException {
        this.command = List.copyOf(command);
        this.environment = Map.copyOf(environment);
        this.logs = logs;
        Files.createDirectories(logs.folder());
        this.socketFolder = Files.createTempDirectory("pj");
    }

    /// Leaves nothing behind in the folder for temporary files; called when all engines are ended.
    void removeSockets() {
        try (Stream<Path> sockets = Files.list(socketFolder)) {
            for (Path socket : sockets.toList()) {
                Files.deleteIfExists(socket);
            }
            Files.deleteIfExists(socketFolder);
        } catch (IOException e) {
            LOG.atDebug().addKeyValue("folder", socketFolder).setCause(e).log("Sockets could not be removed.");
        }
    }

    /// Starts one more process.
    ///
    /// @param standby whether to warm everything up before it says that it is up
    EngineChild start(boolean standby, Consumer<SupervisorEvent> events) throws IOException {
        started++;
        Path socket = socketFolder.resolve("e" + started);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        builder.environment().put("PIPELINEJOB_ENGINE_SOCKET", socket.toString());
        builder.environment().put("PIPELINEJOB_ENGINE_WARM_UP", Boolean.toString(standby));
        // One compute thread: a BLAS with threads of its own would change the bits and fight for the cores.
        builder.environment().put("OPENBLAS_NUM_THREADS", "1");
        return EngineChild.start(builder, socket, logs.of(started), events);
    }
}
