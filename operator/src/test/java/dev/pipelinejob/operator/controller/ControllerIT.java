package dev.pipelinejob.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipelinejob.api.WorkerLabels;
import dev.pipelinejob.api.v1alpha1.PipelineJob;
import dev.pipelinejob.api.v1alpha1.PipelineJobStatus;
import dev.pipelinejob.api.v1alpha1.PipelineJobStatus.JobState;
import dev.pipelinejob.operator.apply.AuthoritySecret;
import dev.pipelinejob.operator.cluster.MiniKubelet;
import dev.pipelinejob.operator.cluster.TestCluster;
import dev.pipelinejob.operator.cluster.TestJobs;
import dev.pipelinejob.operator.config.OperatorConfig;
import dev.pipelinejob.operator.identity.TokenVerdict;
import dev.pipelinejob.operator.identity.TokenVerifier;
import dev.pipelinejob.operator.local.FakeSupervisor;
import dev.pipelinejob.protocol.identity.SpiffeId;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// The operator against a real API server; its workers are real processes that compute nothing.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ControllerIT {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Duration LOOK = Duration.ofMillis(50);
    private static final List<String> FLAGS = List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx64m",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");

    private final List<Controller> controllers = new ArrayList<>();
    private Path folder;
    private TestCluster cluster;
    private MiniKubelet kubelet;
    private int started;
    /// Every operator takes the same, as behind the Service of a cluster.
    private int controlPort;

    @BeforeAll
    void startCluster(@TempDir Path shared) throws Exception {
        folder = shared;
        try (ServerSocket free = new ServerSocket(0)) {
            controlPort = free.getLocalPort();
        }
        cluster = TestCluster.start();
        for (int number = 1; number <= 3; number++) {
            cluster.addNode("node-" + number, 1);
        }
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(FLAGS);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), FakeSupervisor.class.getName()));
        kubelet = new MiniKubelet(cluster.client(), command, folder);
    }

    @BeforeEach
    void startOperator() throws IOException {
        controllers.add(operator());
    }

    @AfterEach
    void stopOperators() {
        controllers.forEach(Controller::close);
        controllers.clear();
        cluster.client().resources(PipelineJob.class).inNamespace("default").delete();
        cluster.client().configMaps().inNamespace("default").delete();
        cluster.client().pods().inNamespace("default").withGracePeriod(0).delete();
    }

    @AfterAll
    void stopCluster() {
        kubelet.close();
        cluster.close();
    }

    private Controller operator() throws IOException {
        started++;
        OperatorConfig config = new OperatorConfig(
                "default",
                "operator-" + started,
                "127.0.0.1",
                List.of(),
                controlPort,
                "",
                "127.0.0.1:" + controlPort,
                0,
                "worker",
                "authority",
                "operator");
        KubernetesClient client = cluster.newClient();
        Clock clock = Clock.systemUTC();
        AuthoritySecret authority = new AuthoritySecret(client, config.namespace(), config.authoritySecret(), clock);
        return Controller.start(config, client, new Controller.Identity(authority, tokens(client), LOOK), clock);
    }

    /// The test's kubelet gives each pod its UID as a token.
    private static TokenVerifier tokens(KubernetesClient client) {
        return token -> client.pods().inAnyNamespace().list().getItems().stream()
                .filter(pod -> pod.getMetadata().getUid().equals(token))
                .findFirst()
                .<TokenVerdict>map(pod -> new TokenVerdict.Accepted(new SpiffeId.Worker(
                        pod.getMetadata().getNamespace(),
                        pod.getMetadata().getLabels().getOrDefault(WorkerLabels.JOB_UID, ""),
                        pod.getMetadata().getUid())))
                .orElseGet(() -> new TokenVerdict.Refused("No pod has this UID."));
    }

    private PipelineJob create(String name, int steps) {
        return TestJobs.create(cluster.client(), name, steps);
    }

    private PipelineJobStatus await(PipelineJob job, String what, Predicate<PipelineJobStatus> condition)
            throws InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        PipelineJobStatus last = null;
        while (System.nanoTime() < deadline) {
            last = cluster.client().resource(job).get().getStatus();
            if (last != null && condition.test(last)) {
                return last;
            }
            Thread.sleep(LOOK);
        }
        throw new AssertionError("Never seen: " + what + "; status: " + last);
    }

    private PipelineJobStatus awaitStep(PipelineJob job, int step) throws InterruptedException {
        return await(job, "step " + step, status -> step(status) >= step);
    }

    private static int step(PipelineJobStatus status) {
        PipelineJobStatus.ProgressStatus progress = status.progress();
        return progress == null ? 0 : Objects.requireNonNullElse(progress.step(), 0);
    }

    private PipelineJobStatus awaitComplete(PipelineJob job) throws InterruptedException {
        return await(job, "Complete", status -> status.state() == JobState.COMPLETE);
    }

    private List<Pod> pods() {
        return cluster.client().pods().inNamespace("default").list().getItems();
    }

    private List<ConfigMap> attempts() {
        return cluster.client()
                .configMaps()
                .inNamespace("default")
                .withLabel(WorkerLabels.ATTEMPT)
                .list()
                .getItems();
    }

    private static List<String> nodes(List<Pod> pods) {
        return pods.stream().map(pod -> pod.getSpec().getNodeName()).sorted().toList();
    }

    @Test
    void aJobTrainsOnThreeNodesAndItsPodsGo() throws Exception {
        // when
        PipelineJob job = create("trains", 200);
        awaitStep(job, 1);
        List<String> nodes = nodes(pods());
        PipelineJobStatus status = awaitComplete(job);

        // then
        assertThat(nodes).containsExactly("node-1", "node-2", "node-3");
        assertThat(attempts()).hasSize(1);
        assertThat(status.observedGeneration()).isEqualTo(1);
        assertThat(status.progress()).isNotNull();
        assertThat(status.model())
                .extracting(PipelineJobStatus.ModelStatus::uri)
                .asString()
                .startsWith("pvc://default/checkpoints/trains-");
        assertThat(status.conditions()).anySatisfy(condition -> {
            assertThat(condition.type()).isEqualTo("Complete");
            assertThat(condition.status()).isEqualTo(PipelineJobStatus.ConditionStatus.TRUE);
        });
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!pods().isEmpty() && System.nanoTime() < deadline) {
            Thread.sleep(LOOK);
        }
        assertThat(pods()).isEmpty();
    }

    @Test
    void aDeletedPodIsReplacedAndTrainingResumes() throws Exception {
        // given
        PipelineJob job = create("survives", 1500);
        awaitStep(job, 60);

        // when
        cluster.client().resource(pods().getFirst()).delete();
        PipelineJobStatus status = awaitComplete(job);

        // then
        assertThat(status.restarts()).isEqualTo(1);
        assertThat(status.attempt()).isEqualTo(2);
        assertThat(attempts()).hasSize(2);
    }

    @Test
    void aRestartedOperatorAdoptsWhatRunsAndChangesNothing() throws Exception {
        // given
        PipelineJob job = create("adopted", 1500);
        awaitStep(job, 60);
        List<String> before = uids();

        // when
        controllers.removeFirst().close();
        controllers.add(operator());
        int seen = step(cluster.client().resource(job).get().getStatus());
        awaitStep(job, seen + 200);

        // then
        assertThat(uids()).isEqualTo(before);
        PipelineJobStatus status = awaitComplete(job);
        assertThat(status.restarts()).isZero();
        assertThat(attempts()).hasSize(1);
    }

    @Test
    void anOperatorThatIsInstalledAgainIsTrustedByTheWorkersThatRun() throws Exception {
        // given a job that runs, and an installation of which only the Secret and the Service's address are kept
        PipelineJob job = create("reinstalled", 1500);
        awaitStep(job, 60);
        List<String> before = uids();
        controllers.removeFirst().close();
        cluster.client().leases().inNamespace("default").delete();

        // when
        controllers.add(operator());
        int seen = cluster.client().resource(job).get().getStatus().progress().step();
        awaitStep(job, seen + 200);
        List<String> after = uids();

        // then
        PipelineJobStatus status = awaitComplete(job);
        assertThat(after).isEqualTo(before);
        assertThat(status.restarts()).isZero();
        assertThat(attempts()).hasSize(1);
    }

    @Test
    void aCaThatIsRotatedUnderARunningJobIsWhatItsNextPodTrusts() throws Exception {
        // given
        PipelineJob job = create("rotated", 1500);
        awaitStep(job, 60);
        assertThat(pods()).extracting(ControllerIT::trusted).containsOnly(1);

        // when
        cluster.client().secrets().inNamespace("default").withName("authority").edit(found -> new SecretBuilder(found)
                .editMetadata()
                .addToAnnotations(AuthoritySecret.ROTATE, "after the reinstallation")
                .endMetadata()
                .build());
        List<String> before = uids();
        awaitRotation();
        cluster.client().resource(pods().getFirst()).delete();
        awaitStep(job, Objects.requireNonNull(awaitStep(job, 1).progress()).step() + 60);

        // then
        assertThat(pods().stream()
                        .filter(pod -> !before.contains(pod.getMetadata().getUid())))
                .extracting(ControllerIT::trusted)
                .containsOnly(2);
        assertThat(awaitComplete(job).restarts()).isEqualTo(1);
    }

    /// Until the operator has noted its new CA; the next pod trusts both.
    private void awaitRotation() throws InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (System.nanoTime() < deadline) {
            Secret now = cluster.client()
                    .secrets()
                    .inNamespace("default")
                    .withName("authority")
                    .get();
            if (now.getData().containsKey("next.crt")) {
                // The operator looks right before it writes, and uses what it has written at once.
                Thread.sleep(4 * LOOK.toMillis());
                return;
            }
            Thread.sleep(LOOK);
        }
        throw new AssertionError("The CA is not rotated.");
    }

    private static int trusted(Pod pod) {
        return pod.getSpec().getContainers().getFirst().getEnv().stream()
                .filter(variable -> variable.getName().equals("PIPELINEJOB_TRUST_BUNDLE"))
                .mapToInt(variable -> variable.getValue().split("BEGIN CERTIFICATE", -1).length - 1)
                .sum();
    }

    private List<String> uids() {
        return pods().stream().map(pod -> pod.getMetadata().getUid()).sorted().toList();
    }

    @Test
    void aJobThatHasToWaitSaysWhyAndRunsWhenThereIsRoom() throws Exception {
        // given
        PipelineJob first = create("first", 500);
        awaitStep(first, 1);

        // when
        PipelineJob second = create("second", 40);
        PipelineJobStatus waiting = await(
                second,
                "waiting",
                status -> status.conditions() != null
                        && status.conditions().stream()
                                .anyMatch(condition -> condition.type().equals("Placed")
                                        && condition.status() == PipelineJobStatus.ConditionStatus.FALSE
                                        && String.valueOf(condition.message()).contains("room")));

        // then
        assertThat(waiting.state()).isEqualTo(JobState.PENDING);
        assertThat(pods()).hasSize(3);
        awaitComplete(first);
        awaitComplete(second);
    }
}
