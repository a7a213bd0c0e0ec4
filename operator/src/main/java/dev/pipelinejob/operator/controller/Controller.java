package dev.pipelinejob.operator.controller;

import dev.pipelinejob.api.v1alpha1.InterconnectTopology;
import dev.pipelinejob.api.v1alpha1.PipelineJob;
import dev.pipelinejob.operator.apply.ControlEndpoint;
import dev.pipelinejob.operator.apply.EventRecorder;
import dev.pipelinejob.operator.apply.FieldManagers;
import dev.pipelinejob.operator.apply.PodWriter;
import dev.pipelinejob.operator.config.OperatorConfig;
import dev.pipelinejob.operator.identity.AuthoritySource;
import dev.pipelinejob.operator.identity.TokenVerifier;
import dev.pipelinejob.operator.monitor.AuthorityWatch;
import dev.pipelinejob.operator.monitor.ControlServer;
import dev.pipelinejob.operator.planning.JobPlanner;
import dev.pipelinejob.operator.reconcile.ClusterView;
import dev.pipelinejob.operator.reconcile.InterconnectTopologyReconciler;
import dev.pipelinejob.operator.reconcile.JobChanges;
import dev.pipelinejob.operator.reconcile.NodeNews;
import dev.pipelinejob.operator.reconcile.OurPods;
import dev.pipelinejob.operator.reconcile.PipelineJobReconciler;
import dev.pipelinejob.operator.reconcile.ReconcileMeters;
import dev.pipelinejob.operator.reconcile.Reservations;
import dev.pipelinejob.operator.reconcile.Services;
import dev.pipelinejob.operator.reconcile.WorkerMail;
import dev.pipelinejob.operator.telemetry.Health;
import dev.pipelinejob.operator.telemetry.HealthServer;
import dev.pipelinejob.operator.telemetry.JobMeters;
import dev.pipelinejob.operator.workers.PodSettings;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.processing.event.rate.LinearRateLimiter;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The operator of one cluster, from its start to its end.
public final class Controller implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Controller.class);
    /// So long workers train on without any operator.
    private static final Duration ORPHAN_LIMIT = Duration.ofHours(1);

    /// An API server that is away comes back sooner, or a restart does no harm.
    private static final Duration UNWELL_LIMIT = Duration.ofMinutes(2);

    /// What the worker's image runs on.
    private static final Set<String> ARCHITECTURES = Set.of("amd64");

    private static final Duration FIRST_RETRY = Duration.ofMillis(200);
    private static final double RETRY_GROWTH = 1.5;
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(5);

    /// However often nodes change, a topology is looked at and written once in this time.
    private static final Duration TOPOLOGIES_EVERY = Duration.ofSeconds(5);

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final OperatorConfig config;
    private final KubernetesClient client;
    private final Clock clock;
    private int httpPort;

    /// Whom the operator and its workers trust.
    ///
    /// @param authority the keys that sign, as they change
    /// @param tokens tells whose token it is
    /// @param look the pause between two looks at the keys
    public record Identity(AuthoritySource authority, TokenVerifier tokens, Duration look) {}

    private Controller(OperatorConfig config, KubernetesClient client, Clock clock) {
        this.config = config;
        this.client = client;
        this.clock = clock;
    }

    /// Starts it; returns when its caches are filled and it takes part in the election.
    ///
    /// @param end called when the Lease is lost: nothing of this operator may go on
    /// @throws IOException when a port cannot be bound
    public static Controller start(
            OperatorConfig config, KubernetesClient client, Identity identity, Clock clock, Runnable end)
            throws IOException {
        Controller controller = new Controller(config, client, clock);
        try {
            controller.start(identity, end);
            return controller;
        } catch (IOException | RuntimeException e) {
            controller.close();
            throw e;
        }
    }

    private void start(Identity identity, Runnable end) throws IOException {
        AtomicReference<@Nullable PipelineJobReconciler> driving = new AtomicReference<>();
        NodeNews nodeNews = new NodeNews();
        // First, since its answers are read while the rest is put together.
        ClusterView view = view(nodeNews, driving);
        OurPods pods = new OurPods();
        WorkerMail mail = new WorkerMail(clock, uid -> {
            PipelineJobReconciler reconciler = driving.get();
            if (reconciler != null) {
                reconciler.end(uid);
            }
        });
        AuthorityWatch trust = AuthorityWatch.open(identity.authority(), clock);
        ControlServer server = ControlServer.start(
                new InetSocketAddress(config.controlPort()),
                new ControlServer.Wiring(trust.authority(), identity.tokens(), pods, mail));
        parts.push(server);
        parts.push(every(identity.look(), "authority-watch", () -> trust.look(server)));
        String given = config.controlAddress();
        ControlEndpoint endpoint =
                given == null ? ControlEndpoint.find(client, config.namespace(), config.controlService()) : null;
        String address = endpoint == null ? withPort(String.valueOf(given), server.port()) : endpoint.address();
        EventRecorder events = new EventRecorder(client, executor, config.podName(), clock);
        PipelineJobReconciler reconciler = new PipelineJobReconciler(new Services(
                client,
                pods,
                view,
                new Reservations(),
                new PodWriter(client, executor),
                new PodSettings(address, trust::trustBundle, config.workerImage(), ARCHITECTURES, ORPHAN_LIMIT),
                server.sessions(),
                mail,
                new JobPlanner(System::nanoTime),
                view::topology,
                events,
                new JobMeters(registry),
                clock));
        driving.set(reconciler);
        Operator operator = operator(reconciler, new Leadership(config, endpoint, server.port(), end));
        operator.register(
                new InterconnectTopologyReconciler(nodeNews, view, events, clock), Controller::configureTopologies);
        view.awaitListed();
        operator.start();
        serve(health(view, reconciler, operator), operator);
    }

    private ClusterView view(NodeNews nodeNews, AtomicReference<@Nullable PipelineJobReconciler> driving) {
        ClusterView view = ClusterView.open(client, config.namespaces(), change -> {
            nodeNews.clusterChanged(change);
            PipelineJobReconciler reconciler = driving.get();
            if (reconciler != null) {
                reconciler.clusterChanged(change);
            }
        });
        parts.push(view);
        return view;
    }

    private void serve(Health health, Operator operator) throws IOException {
        HealthServer http = HealthServer.start(
                config.httpPort(),
                new HealthServer.Answers(
                        health::look, () -> operator.getRuntimeInfo().isStarted(), registry::scrape));
        httpPort = http.port();
        parts.push(http);
    }

    private Health health(ClusterView view, PipelineJobReconciler reconciler, Operator operator) {
        Health health = new Health(clock, UNWELL_LIMIT);
        health.watch("The watch of nodes, pods and topologies", view::isWatching);
        health.watch(
                "The watch of jobs and workers", () -> operator.getRuntimeInfo().allEventSourcesAreHealthy());
        health.watch("The regular look at every job", () -> reconciler.isRegular(clock.instant()));
        return health;
    }

    /// Where health and metrics are served.
    int httpPort() {
        return httpPort;
    }

    private static AutoCloseable every(Duration pause, String name, Runnable look) {
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name(name).factory());
        ScheduledFuture<?> _ =
                timer.scheduleWithFixedDelay(look, pause.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
        return timer::shutdownNow;
    }

    private static String withPort(String address, int port) {
        return address.endsWith(":0") ? address.substring(0, address.length() - 1) + port : address;
    }

    private Operator operator(PipelineJobReconciler reconciler, Leadership leadership) {
        Operator operator = new Operator(settings -> settings.withKubernetesClient(client)
                .withCloseClientOnStop(false)
                .withExecutorService(executor)
                .withMetrics(new ReconcileMeters(registry))
                .withLeaderElectionConfiguration(leadership.configuration()));
        operator.register(reconciler, this::configure);
        parts.push(operator::stop);
        parts.push(leadership::close);
        return operator;
    }

    private void configure(ControllerConfigurationOverrider<PipelineJob> jobs) {
        jobs.withName("pipelinejob")
                .withGenerationAware(false)
                .withOnUpdateFilter(new JobChanges())
                .withRetry(retry());
        if (config.namespaces().isEmpty()) {
            jobs.watchingAllNamespaces();
        } else {
            jobs.settingNamespaces(Set.copyOf(config.namespaces()));
        }
    }

    private static void configureTopologies(ControllerConfigurationOverrider<InterconnectTopology> topologies) {
        topologies
                .withName("interconnecttopology")
                .withFieldManager(FieldManagers.STATUS)
                .withRateLimiter(new LinearRateLimiter(TOPOLOGIES_EVERY, 1))
                .withRetry(retry())
                .watchingAllNamespaces();
    }

    private static GenericRetry retry() {
        return new GenericRetry()
                .withoutMaxAttempts()
                .setInitialInterval(FIRST_RETRY)
                .setIntervalMultiplier(RETRY_GROWTH)
                .setMaxInterval(LONGEST_RETRY.toMillis());
    }

    @Override
    public void close() {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                // The edge of the process: what is left is closed all the same.
                LOG.warn("A part did not close.", e);
            }
        }
        executor.shutdownNow();
        registry.close();
    }
}
