package dev.pipelinejob.operator.cli;

import dev.pipelinejob.operator.apply.AuthoritySecret;
import dev.pipelinejob.operator.apply.ClusterClient;
import dev.pipelinejob.operator.apply.TokenReviews;
import dev.pipelinejob.operator.config.OperatorConfig;
import dev.pipelinejob.operator.controller.Controller;
import dev.pipelinejob.operator.monitor.AuthorityWatch;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;

/// `pipelinejob controller`: the operator of a cluster.
@Command(
        name = "controller",
        mixinStandardHelpOptions = true,
        description =
                "Drives the PipelineJobs of a Kubernetes cluster. The chart starts it and gives it its environment.")
final class ControllerCommand implements Callable<Integer> {
    /// Whoever asks asks again, and better with what is known by then.
    private static final int REQUEST_RETRIES = 1;

    private final Map<String, String> environment;
    private final Clock clock;

    ControllerCommand(Map<String, String> environment, Clock clock) {
        this.environment = environment;
        this.clock = clock;
    }

    @Override
    public Integer call() throws UserError, IOException, InterruptedException {
        // The log first: loggers look only once where to write.
        System.setProperty("logback.configurationFile", "logback-controller.xml");
        // Threads of the HTTP client would keep a process alive that has failed to start.
        Thread.currentThread().setUncaughtExceptionHandler((_, thrown) -> {
            System.err.println("The operator could not be started: " + thrown);
            Runtime.getRuntime().halt(ExitCode.FAILED);
        });
        OperatorConfig config = config();
        Config connection = new ConfigBuilder(Config.autoConfigure(null))
                .withRequestRetryBackoffLimit(REQUEST_RETRIES)
                .build();
        try (KubernetesClient client = ClusterClient.of(connection)) {
            Controller.Identity identity = new Controller.Identity(
                    new AuthoritySecret(client, config.namespace(), config.authoritySecret(), clock),
                    new TokenReviews(client),
                    AuthorityWatch.PAUSE);
            try (Controller controller = start(config, client, identity)) {
                CountDownLatch ended = new CountDownLatch(1);
                Runtime.getRuntime().addShutdownHook(new Thread(controller::close));
                ended.await();
            }
            return ExitCode.DONE;
        }
    }

    private OperatorConfig config() throws UserError {
        try {
            return OperatorConfig.of(environment);
        } catch (IllegalArgumentException e) {
            throw new UserError(String.valueOf(e.getMessage()));
        }
    }

    private Controller start(OperatorConfig config, KubernetesClient client, Controller.Identity identity)
            throws UserError, IOException {
        try {
            return Controller.start(
                    config, client, identity, clock, () -> Runtime.getRuntime().halt(ExitCode.FAILED));
        } catch (IllegalArgumentException e) {
            throw new UserError(String.valueOf(e.getMessage()));
        }
    }
}
