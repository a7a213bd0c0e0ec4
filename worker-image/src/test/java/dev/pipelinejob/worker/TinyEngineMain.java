package dev.pipelinejob.worker;

import dev.pipelinejob.worker.config.EngineConfig;
import dev.pipelinejob.worker.engine.TinyEngine;
import java.io.IOException;
import java.time.Clock;

/// An engine process with the tests' engine inside; all else is the real one.
public final class TinyEngineMain {
    private TinyEngineMain() {}

    public static void main(String[] arguments) throws IOException {
        EngineProcess.run(EngineConfig.from(System.getenv()), TinyEngine::new, Clock.systemUTC());
    }
}
