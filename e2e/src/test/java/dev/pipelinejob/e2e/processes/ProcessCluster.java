package dev.pipelinejob.e2e.processes;

import dev.pipelinejob.api.v1alpha1.PipelineJob;
import dev.pipelinejob.api.v1alpha1.PipelineJobStatus;
import dev.pipelinejob.controlplane.ControlPlane;
import dev.pipelinejob.operator.apply.AuthoritySecret;
import dev.pipelinejob.operator.apply.TokenReviews;
import dev.pipelinejob.operator.cluster.MiniKubelet;
import dev.pipelinejob.operator.cluster.TestCluster;
import dev.pipelinejob.operator.config.OperatorConfig;
import dev.pipelinejob.operator.controller.Controller;
import dev.pipelinejob.worker.Main;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/// A real API server and operator; pods are real workers, each with its own view of the file system, in which the
/// volumes lie where they lie in a pod. Needs root, for that.
final class ProcessCluster implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final Duration LOOK_EVERY = Duration.ofMillis(20);
    private static final int NODES = 3;

    /// A root of its own with everything of this machine and the pod's volumes: their mount points need not be there.
    private static final String IN_A_POD = """
            set -e
            root=$1 store=$2 data=$3
            shift 3
            mount -t tmpfs tmpfs "$root"
            for entry in /*; do
                if [ -L "$entry" ]; then cp -P "$entry" "$root$entry"
                elif [ -d "$entry" ]; then mkdir "$root$entry" && mount --rbind "$entry" "$root$entry"; fi
            done
            mkdir -p "$root/checkpoints" "$root/data"
            mount --bind "$store" "$root/checkpoints"
            mount --bind "$data" "$root/data"
            exec /usr/sbin/chroot "$root" "$@"
            """;

    private final TestCluster cluster;
    private final MiniKubelet kubelet;
    private final Controller controller;
    private final Path store;

    private ProcessCluster(TestCluster cluster, MiniKubelet kubelet, Controller controller, Path store) {
        this.cluster = cluster;
        this.kubelet = kubelet;
        this.controller = controller;
        this.store = store;
    }

    /// Starts all of it.
    ///
    /// @param folder of the nodes' file systems
    /// @param data what pods find under `/data`
    static ProcessCluster start(Path folder, Path data) throws Exception {
        int port = ControlPlane.freePort();
        Path store = Files.createDirectories(folder.resolve("store"));
        Path root = Files.createDirectories(folder.resolve("root"));
        TestCluster cluster = TestCluster.start(NODES);
        MiniKubelet kubelet = new MiniKubelet(cluster.client(), worker(root, store, data), folder, "127.0.0.1:" + port);
        OperatorConfig config = TestCluster.operator("operator", port);
        KubernetesClient client = cluster.newClient();
        Clock clock = Clock.systemUTC();
        AuthoritySecret authority = new AuthoritySecret(client, "default", config.authoritySecret(), clock);
        Controller.Identity identity = new Controller.Identity(authority, new TokenReviews(client), LOOK_EVERY);
        return new ProcessCluster(cluster, kubelet, Controller.start(config, client, identity, clock, () -> {}), store);
    }

    private static List<String> worker(Path root, Path store, Path data) {
        return List.of(
                "/usr/bin/unshare",
                "--mount",
                "sh",
                "-c",
                IN_A_POD,
                "pod",
                root.toString(),
                store.toString(),
                data.toString(),
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx128m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Djava.library.path=" + System.getProperty("java.library.path"),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "supervisor");
    }

    KubernetesClient client() {
        return cluster.client();
    }

    PipelineJob create(String yaml) {
        GenericKubernetesResource job =
                client().getKubernetesSerialization().unmarshal(yaml, GenericKubernetesResource.class);
        client().resource(job).inNamespace("default").create();
        return client().resources(PipelineJob.class)
                .inNamespace("default")
                .withName(job.getMetadata().getName())
                .require();
    }

    /// The job's own folder in the store.
    Path store(PipelineJob job) {
        return store.resolve(
                job.getMetadata().getName() + "-" + job.getMetadata().getUid());
    }

    List<Pod> pods() {
        return client().pods().inNamespace("default").list().getItems();
    }

    PipelineJobStatus await(PipelineJob job, String what, Predicate<PipelineJobStatus> condition)
            throws InterruptedException {
        return cluster.await(job, what, condition, LIMIT);
    }

    PipelineJobStatus awaitState(PipelineJob job, PipelineJobStatus.JobState state) throws InterruptedException {
        return await(job, state.name(), status -> status.state() == state);
    }

    @Override
    public void close() {
        controller.close();
        kubelet.close();
        cluster.close();
    }
}
