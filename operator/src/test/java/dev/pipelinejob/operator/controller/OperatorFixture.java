package dev.pipelinejob.operator.controller;

import dev.pipelinejob.api.WorkerLabels;
import dev.pipelinejob.api.v1alpha1.PipelineJob;
import dev.pipelinejob.api.v1alpha1.PipelineJobStatus;
import dev.pipelinejob.api.v1alpha1.PipelineJobStatus.JobState;
import dev.pipelinejob.controlplane.ControlPlane;
import dev.pipelinejob.operator.apply.AuthoritySecret;
import dev.pipelinejob.operator.apply.TokenReviews;
import dev.pipelinejob.operator.cluster.MiniKubelet;
import dev.pipelinejob.operator.cluster.TestCluster;
import dev.pipelinejob.operator.config.OperatorConfig;
import dev.pipelinejob.operator.local.FakeSupervisor;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.Predicate;

/// Operators against a real API server; the workers are real processes that compute nothing.
final class OperatorFixture implements AutoCloseable {
    static final Duration LIMIT = Duration.ofMinutes(2);
    static final Duration LOOK = Duration.ofMillis(50);
    private static final List<String> FLAGS = List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx64m",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");

    private final List<Controller> controllers = new ArrayList<>();
    private final TestCluster cluster;
    private final MiniKubelet kubelet;
    private int started;
    /// Every operator takes the same, as behind the Service of a cluster.
    private final int controlPort;

    private OperatorFixture(TestCluster cluster, MiniKubelet kubelet, int controlPort) {
        this.cluster = cluster;
        this.kubelet = kubelet;
        this.controlPort = controlPort;
    }

    /// An API server with so many nodes, of which each has room for one worker, and no operator yet.
    ///
    /// @param folder of the nodes' file systems
    static OperatorFixture start(Path folder, int nodes) throws Exception {
        int port = ControlPlane.freePort();
        TestCluster cluster = TestCluster.start(nodes);
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(FLAGS);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), FakeSupervisor.class.getName()));
        return new OperatorFixture(
                cluster, new MiniKubelet(cluster.client(), command, folder, "127.0.0.1:" + port), port);
    }

    KubernetesClient client() {
        return cluster.client();
    }

    /// Installs one more operator.
    void startOperator() throws IOException {
        started++;
        startOperator(port -> TestCluster.operator("operator-" + started, port), cluster.newClient());
    }

    /// Installs an operator that is set up in another way.
    ///
    /// @param config made for the port that workers know
    /// @param client the operator's own
    void startOperator(IntFunction<OperatorConfig> config, KubernetesClient client) throws IOException {
        OperatorConfig its = config.apply(controlPort);
        Clock clock = Clock.systemUTC();
        AuthoritySecret authority = new AuthoritySecret(client, its.namespace(), its.authoritySecret(), clock);
        controllers.add(Controller.start(
                its, client, new Controller.Identity(authority, new TokenReviews(client), LOOK), clock, () -> {}));
    }

    /// A client of a service account, which may do what its roles say.
    KubernetesClient clientOf(String namespace, String account) {
        return cluster.newClient(namespace, account);
    }

    /// What service accounts have asked of the API server, a line of JSON each.
    Path auditLog() {
        return cluster.auditLog();
    }

    /// What the oldest operator answers to a path.
    String ask(String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + controllers.getFirst().httpPort() + path);
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    /// Ends the oldest operator.
    void stopOperator() {
        controllers.removeFirst().close();
    }

    /// Ends all operators, and removes what they made and were given.
    void clear() {
        controllers.forEach(Controller::close);
        controllers.clear();
        client().resources(PipelineJob.class).inNamespace("default").delete();
        client().configMaps().inNamespace("default").delete();
        client().pods().inNamespace("default").withGracePeriod(0).delete();
    }

    @Override
    public void close() {
        kubelet.close();
        cluster.close();
    }

    /// Ends the process of a pod as nobody would.
    void kill(Pod pod) {
        kubelet.kill(pod);
    }

    <S> S await(CustomResource<?, S> resource, String what, Predicate<S> condition) throws InterruptedException {
        return cluster.await(resource, what, condition, LIMIT);
    }

    PipelineJobStatus awaitStep(PipelineJob job, int step) throws InterruptedException {
        return await(
                job,
                "step " + step,
                status -> status.progress() != null
                        && status.progress().step() != null
                        && status.progress().step() >= step);
    }

    PipelineJobStatus awaitComplete(PipelineJob job) throws InterruptedException {
        return await(job, "Complete", status -> status.state() == JobState.COMPLETE);
    }

    /// Waits until the job says that it is not placed, with these words in the reason.
    PipelineJobStatus awaitUnplaced(PipelineJob job, String words) throws InterruptedException {
        return await(
                job,
                words,
                status -> status.conditions() != null
                        && status.conditions().stream()
                                .anyMatch(condition -> condition.type().equals("Placed")
                                        && condition.status() == PipelineJobStatus.ConditionStatus.FALSE
                                        && String.valueOf(condition.message()).contains(words)));
    }

    int step(PipelineJob job) {
        PipelineJobStatus.ProgressStatus progress =
                client().resource(job).get().getStatus().progress();
        return progress == null || progress.step() == null ? 0 : progress.step();
    }

    List<Pod> pods() {
        return client().pods().inNamespace("default").list().getItems();
    }

    List<String> uids() {
        return pods().stream().map(pod -> pod.getMetadata().getUid()).sorted().toList();
    }

    List<ConfigMap> attempts() {
        return client().configMaps()
                .inNamespace("default")
                .withLabel(WorkerLabels.ATTEMPT)
                .list()
                .getItems();
    }
}
