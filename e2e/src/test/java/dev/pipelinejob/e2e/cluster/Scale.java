package dev.pipelinejob.e2e.cluster;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Measures the operator on the real cluster with hundreds of nodes and thousands of pods that only the
/// API server knows: its start, its memory, and what becomes of large jobs. `scripts/cluster-scale.sh`
/// starts it.
public final class Scale {
    private static final String FOREIGN = "foreign";
    private static final int WRITERS = 16;
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final Duration SETTLE = Duration.ofSeconds(15);
    private static final double MILLIS_A_SECOND = 1e3;
    /// What the API server takes as one object's data.
    private static final int MAX_CONFIG_MAP_BYTES = 1 << 20;

    private static final int MAX_STATUS_BYTES = 64 << 10;

    private final Cluster cluster;
    private final Operator operator;
    private final KubernetesClient client;

    private Scale(Cluster cluster, Operator operator, KubernetesClient client) {
        this.cluster = cluster;
        this.operator = operator;
        this.client = client;
    }

    /// Arguments: nodes, foreign pods, restarts of the operator, then the jobs' ranks; the last job's workers speak.
    public static void main(String[] arguments) throws Exception {
        int nodes = Integer.parseInt(arguments[0]);
        int foreign = Integer.parseInt(arguments[1]);
        int restarts = Integer.parseInt(arguments[2]);
        Cluster cluster = Cluster.start();
        try (KubernetesClient client = new KubernetesClientBuilder()
                .withConfig(
                        Config.fromKubeconfig(Files.readString(Cluster.state().resolve("kubeconfig"))))
                .build()) {
            Operator operator = Operator.install(cluster, List.of("operator.replicas=1"));
            Scale scale = new Scale(cluster, operator, client);
            scale.start("nothing else", restarts);
            cluster.run("fake-nodes.sh", Integer.toString(nodes));
            scale.addForeign(foreign, nodes);
            scale.start(nodes + " nodes, " + foreign + " foreign pods", restarts);
            for (int index = 3; index < arguments.length; index++) {
                scale.train(Integer.parseInt(arguments[index]), index == arguments.length - 1);
            }
        } finally {
            cluster.stop();
        }
        System.exit(0);
    }

    /// How long a new operator takes from its process to its readiness, and what it holds then.
    private void start(String among, int restarts) throws Exception {
        List<Double> seconds = new ArrayList<>();
        for (int restart = 0; restart < restarts; restart++) {
            cluster.kubectl().run("delete", "pod", "-n", Operator.NAMESPACE, "-l", Operator.SELECTOR, "--wait=false");
            OperatorProcess process = OperatorProcess.await(operator);
            seconds.add(between(PodProcesses.startedAt(process.pid()), process.awaitReady()));
        }
        List<Double> sorted = seconds.stream().sorted().toList();
        Thread.sleep(SETTLE);
        System.out.printf(
                Locale.ROOT,
                "operator among %s: start to ready %.2f s (%.2f to %.2f, %d times), memory %s%n",
                among,
                sorted.get(sorted.size() / 2),
                sorted.getFirst(),
                sorted.getLast(),
                sorted.size(),
                memory());
    }

    private String memory() throws Exception {
        return OperatorProcess.await(operator).memory();
    }

    /// Pods of somebody else's, each on a node already.
    private void addForeign(int pods, int nodes) throws Exception {
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(FOREIGN)
                        .endMetadata()
                        .build())
                .create();
        Await.until(
                "the namespace has its service account",
                LIMIT,
                () -> client.serviceAccounts()
                                .inNamespace(FOREIGN)
                                .withName("default")
                                .get()
                        != null);
        Instant begin = Instant.now();
        try (ExecutorService writers = Executors.newFixedThreadPool(WRITERS)) {
            List<Future<?>> made = new ArrayList<>();
            for (int pod = 0; pod < pods; pod++) {
                Pod each = foreign(pod, "fake-" + pod % nodes);
                made.add(writers.submit(() -> client.resource(each).create()));
            }
            for (Future<?> each : made) {
                var _ = each.get();
            }
        }
        System.out.printf(
                Locale.ROOT, "%d foreign pods were made within %.1f s%n", pods, between(begin, Instant.now()));
    }

    private static Pod foreign(int number, String node) {
        return new PodBuilder()
                .withNewMetadata()
                .withName("foreign-" + number)
                .withNamespace(FOREIGN)
                .addToLabels("app", FOREIGN)
                .endMetadata()
                .withNewSpec()
                .withNodeName(node)
                .addNewToleration()
                .withKey("kwok.x-k8s.io/node")
                .withOperator("Exists")
                .endToleration()
                .addNewContainer()
                .withName("main")
                .withImage("foreign")
                .withNewResources()
                .addToRequests("cpu", new Quantity("100m"))
                .addToRequests("memory", new Quantity("128Mi"))
                .endResources()
                .endContainer()
                .endSpec()
                .build();
    }

    /// A large job from `kubectl apply` to all its pods Running; with streams, on to its first step.
    private void train(int ranks, boolean speaks) throws Exception {
        String name = "ranks-" + ranks;
        ApiWrites before = ApiWrites.now(cluster.kubectl());
        ProcessorUse used = ProcessorUse.now();
        PodWatch pods = PodWatch.of(client, name);
        Instant begin = Instant.now();
        ClusterJob job = ClusterJob.submit(cluster, name, new ScaleJob(name, ranks).yaml());
        Instant running = pods.awaitRunning(ranks, LIMIT);
        ApiWrites writes = ApiWrites.now(cluster.kubectl()).since(before);
        Instant planned = OperatorLog.since(begin)
                .first(begin, "Decided: StartSlot")
                .orElseThrow(() -> new AssertionError("The job was never planned: " + name));
        System.out.printf(
                Locale.ROOT,
                "%d ranks: planned after %.2f s, all pods created after %.2f s, all Running after %.2f s; %d pods made; memory %s; processor %s%n",
                ranks,
                between(begin, planned),
                between(begin, pods.lastCreated()),
                between(begin, running),
                pods.made(),
                memory(),
                ProcessorUse.now().since(used));
        writes.counts()
                .forEach((what, count) -> System.out.printf(
                        Locale.ROOT, "  %-40s %6d  %.2f a pod%n", what, count, (double) count / ranks));
        if (speaks) {
            speak(job, name, ranks);
        }
        bounded("status", job.status().toString(), MAX_STATUS_BYTES);
        job.delete();
    }

    private void speak(ClusterJob job, String name, int ranks) throws Exception {
        List<Pod> pods = client.pods()
                .inNamespace(Cluster.NAMESPACE)
                .withLabel("pipelinejob.dev/job-name", name)
                .list()
                .getItems();
        Instant begin = Instant.now();
        try (StubWorkers workers =
                new StubWorkers(client, OperatorProcess.await(operator).controlAddress())) {
            workers.speakFor(pods);
            System.out.printf(
                    Locale.ROOT,
                    "  %d control streams open after %.1f s, memory %s%n",
                    ranks,
                    between(begin, Instant.now()),
                    memory());
            int _ = Await.until("all workers are prepared", LIMIT, workers::prepared, seen -> seen >= ranks);
            System.out.printf(
                    Locale.ROOT, "  all prepared after %.1f s, memory %s%n", between(begin, Instant.now()), memory());
            int _ = Await.until("all workers are started", LIMIT, workers::started, seen -> seen >= ranks);
            System.out.printf(Locale.ROOT, "  all started after %.1f s%n", between(begin, Instant.now()));
            Thread.sleep(SETTLE);
            System.out.printf(
                    Locale.ROOT,
                    "  with all streams memory %s; streams that ended %s; the job is %s%n",
                    memory(),
                    workers.ended(),
                    job.state());
            String attempt =
                    cluster.kubectl().get("configmap", name + "-attempt-1").toString();
            bounded("attempt ConfigMap", attempt, MAX_CONFIG_MAP_BYTES);
        }
    }

    private static void bounded(String what, String text, int limit) {
        System.out.printf(Locale.ROOT, "  %s %d bytes of at most %d%n", what, bytes(text), limit);
        if (bytes(text) > limit) {
            throw new AssertionError("The " + what + " is larger than " + limit + " bytes.");
        }
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static double between(Instant begin, Instant end) {
        return Duration.between(begin, end).toMillis() / MILLIS_A_SECOND;
    }
}
