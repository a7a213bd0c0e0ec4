package dev.pipelinejob.worker.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/// What an engine process is told.
///
/// @param socket `PIPELINEJOB_ENGINE_SOCKET`: its supervisor's end
/// @param host `PIPELINEJOB_TENSOR_HOST`: address to bind and to be reached at
/// @param cacheFolder `PIPELINEJOB_CACHE_DIRECTORY`: for digests of data
/// @param warmUp `PIPELINEJOB_ENGINE_WARM_UP`: whether to exercise everything before it is needed
/// @param connectLimit `PIPELINEJOB_CONNECT_SECONDS`: longest wait for a peer to prepare
/// @param receiveLimit `PIPELINEJOB_RECEIVE_SECONDS`: longest wait for one message of a peer
/// @param faults `PIPELINEJOB_FAULT`: where to die, for chaos tests
public record EngineConfig(
        Path socket,
        String host,
        Path cacheFolder,
        boolean warmUp,
        Duration connectLimit,
        Duration receiveLimit,
        String faults) {
    private static final Duration CONNECT_LIMIT = Duration.ofMinutes(2);
    private static final Duration RECEIVE_LIMIT = Duration.ofMinutes(15);

    /// Reads the environment.
    ///
    /// @throws IllegalArgumentException when a variable is missing or wrong
    public static EngineConfig from(Map<String, String> variables) {
        Environment environment = new Environment(variables);
        return new EngineConfig(
                Path.of(environment.required("PIPELINEJOB_ENGINE_SOCKET")),
                environment.text("PIPELINEJOB_TENSOR_HOST").orElse("127.0.0.1"),
                environment
                        .path("PIPELINEJOB_CACHE_DIRECTORY")
                        .orElse(Path.of(System.getProperty("java.io.tmpdir"), "pipelinejob-cache")),
                environment.flag("PIPELINEJOB_ENGINE_WARM_UP", false),
                environment.seconds("PIPELINEJOB_CONNECT_SECONDS", CONNECT_LIMIT),
                environment.seconds("PIPELINEJOB_RECEIVE_SECONDS", RECEIVE_LIMIT),
                environment.text("PIPELINEJOB_FAULT").orElse(""));
    }
}
