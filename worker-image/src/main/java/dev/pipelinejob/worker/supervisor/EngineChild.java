package dev.pipelinejob.worker.supervisor;

import dev.pipelinejob.protocol.control.EngineUp;
import dev.pipelinejob.protocol.engine.FromEngine;
import dev.pipelinejob.protocol.engine.Ping;
import dev.pipelinejob.protocol.engine.ToEngine;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One engine process: started, listened to and waited for.
final class EngineChild {
    private static final Logger LOG = LoggerFactory.getLogger(EngineChild.class);
    private static final int MAXIMUM_EARLY_MESSAGES = 64;
    private static final ToEngine PING =
            ToEngine.newBuilder().setPing(Ping.getDefaultInstance()).build();

    private final Process process;
    private final EngineLog log;
    private final Queue<ToEngine> early = new ArrayDeque<>();
    private @Nullable EngineSocket<FromEngine> socket;
    private final Heartbeat heartbeat = new Heartbeat(() -> send(PING));
    private @Nullable EngineUp up;

    private EngineChild(Process process, EngineLog log) {
        this.process = process;
        this.log = log;
    }

    /// Starts a process that connects to `socketPath` by itself.
    ///
    /// @param events gets what the process says and, exactly once and last, its end
    static EngineChild start(ProcessBuilder command, Path socketPath, EngineLog log, Consumer<SupervisorEvent> events)
            throws IOException {
        Files.deleteIfExists(socketPath);
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socketPath));
        Process process;
        try {
            process = command.redirectErrorStream(true)
                    .redirectOutput(log.redirect())
                    .start();
        } catch (IOException e) {
            server.close();
            throw e;
        }
        log.follow(process);
        EngineChild child = new EngineChild(process, log);
        // Threads of the system: the first virtual one costs a start more than all that there are here.
        Thread reader =
                Thread.ofPlatform().daemon().name("engine-" + process.pid()).start(() -> child.listen(server, events));
        Thread.ofPlatform().daemon().name("engine-end-" + process.pid()).start(() -> {
            try {
                int exitCode = process.waitFor();
                closeServer(server);
                reader.join();
                log.awaitEnd();
                events.accept(new SupervisorEvent.EngineEnded(child, exitCode));
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
        return child;
    }

    private void listen(ServerSocketChannel server, Consumer<SupervisorEvent> events) {
        try (server;
                SocketChannel accepted = server.accept();
                EngineSocket<FromEngine> open = new EngineSocket<>(accepted, FromEngine.parser())) {
            synchronized (this) {
                socket = open;
                for (ToEngine message = early.poll(); message != null; message = early.poll()) {
                    open.write(message);
                }
            }
            for (FromEngine message = open.read(); message != null; message = open.read()) {
                events.accept(new SupervisorEvent.EngineSaid(this, message));
            }
        } catch (IOException e) {
            LOG.atDebug().addKeyValue("pid", pid()).setCause(e).log("The stream of an engine process broke.");
        }
        // The stream's end is its death, also if the process still hangs somewhere in it.
        kill();
    }

    private static void closeServer(ServerSocketChannel server) {
        try {
            server.close();
        } catch (IOException e) {
            LOG.atDebug().setCause(e).log("A socket of an ended engine could not be closed.");
        }
    }

    /// Sends a message; before the process has connected it is kept until then. A process that is gone gets nothing:
    /// its end is reported by itself.
    synchronized void send(ToEngine message) {
        EngineSocket<FromEngine> open = socket;
        if (open == null) {
            if (early.size() < MAXIMUM_EARLY_MESSAGES) {
                early.add(message);
            }
            return;
        }
        try {
            open.write(message);
        } catch (IOException e) {
            LOG.atWarn()
                    .addKeyValue("pid", pid())
                    .addKeyValue("detail", e.getMessage())
                    .log("The engine process no longer listens.");
        }
    }

    void kill() {
        process.destroyForcibly();
    }

    long pid() {
        return process.pid();
    }

    String logTail() {
        return log.tail();
    }

    /// What it said of itself; null before it is up. Only the supervisor's thread asks.
    @Nullable
    EngineUp up() {
        return up;
    }

    void becomeUp(EngineUp said) {
        up = said;
    }

    /// Whether it answers; only the supervisor's thread asks.
    Heartbeat heartbeat() {
        return heartbeat;
    }
}
