package dev.pipelinejob.worker;

import dev.pipelinejob.worker.config.EngineConfig;
import dev.pipelinejob.worker.config.SupervisorConfig;
import dev.pipelinejob.worker.engine.torch.TorchEngine;
import dev.pipelinejob.worker.supervisor.EngineLauncher;
import dev.pipelinejob.worker.supervisor.EngineLogs;
import dev.pipelinejob.worker.supervisor.Supervisor;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Start of a worker's processes: `supervisor`, and `engine`, which a supervisor starts; `profile`, and `measure`,
/// which a profile starts.
public final class Main {
    private static final Logger LOG = LoggerFactory.getLogger(Main.class);
    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int USER_ERROR = 2;
    private static final int ORPHANED = 3;
    /// 4 is an engine's whose supervisor is gone.
    private static final int SUPERSEDED = 5;

    private Main() {}

    /// Exit codes: 0 told to end, 2 told something wrong, 3 left alone for too long, 5 replaced, 1 anything else.
    public static void main(String[] arguments) {
        int code;
        try {
            code = run(arguments, System.getenv());
        } catch (IllegalArgumentException e) {
            LOG.error("{}", e.getMessage());
            LastWords.leave(System.getenv(), String.valueOf(e.getMessage()));
            code = USER_ERROR;
        } catch (IOException | RuntimeException e) {
            // The edge of the process: other threads would keep it alive without its purpose.
            LOG.error("The process cannot go on.", e);
            LastWords.leave(System.getenv(), "The process cannot go on: " + e);
            code = FAILED;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            code = FAILED;
        }
        System.exit(code);
    }

    private static int run(String[] arguments, Map<String, String> environment)
            throws IOException, InterruptedException {
        String mode = arguments.length == 1 ? arguments[0] : "";
        return switch (mode) {
            case "supervisor" -> supervise(environment);
            case "engine" -> {
                EngineConfig config = EngineConfig.from(environment);
                // The native library takes longer than meeting the supervisor: both at once.
                Thread.ofPlatform().daemon().name("load-library").start(TorchEngine::loadLibrary);
                yield EngineProcess.run(config, TorchEngine::new, Clock.systemUTC());
            }
            case "profile" -> ProfileProcess.delegate();
            case "measure" -> {
                ProfileProcess.measure(System.in, System.out, TorchEngine::new);
                yield DONE;
            }
            default ->
                throw new IllegalArgumentException(
                        "A worker process is started with one argument: supervisor, engine, profile or measure.");
        };
    }

    private static int supervise(Map<String, String> environment) throws IOException, InterruptedException {
        SupervisorConfig config = SupervisorConfig.from(environment);
        EngineLauncher launcher = new EngineLauncher(
                EngineCommand.line(config.engineOptions(), "engine"),
                Map.of(),
                new EngineLogs(
                        config.logDirectory(),
                        "slot-" + config.slot().number() + "-" + config.slot().incarnation(),
                        config.echo() ? System.out : null));
        Supervisor supervisor = new Supervisor(config, Clock.systemUTC(), launcher);
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("end").unstarted(() -> end(supervisor, config.drainLimit())));
        return switch (supervisor.run()) {
            case SHUTDOWN -> DONE;
            case ORPHANED -> {
                LastWords.leave(
                        environment,
                        "No operator was heard of for " + config.orphanLimit().toSeconds() + " s.");
                yield ORPHANED;
            }
            case SUPERSEDED -> {
                LastWords.leave(
                        environment,
                        "A newer incarnation of slot " + config.slot().number() + " has taken over from incarnation "
                                + config.slot().incarnation() + ".");
                yield SUPERSEDED;
            }
        };
    }

    /// The JVM ends, by itself or because it was told to.
    private static void end(Supervisor supervisor, Duration drainLimit) {
        if (drainLimit.isPositive()) {
            supervisor.drain("it was told to end by SIGTERM", drainLimit);
        }
        supervisor.killEngines();
    }
}
