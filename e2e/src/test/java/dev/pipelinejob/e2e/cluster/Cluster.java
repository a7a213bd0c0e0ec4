package dev.pipelinejob.e2e.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/// The cluster that the scripts start, or one that `KUBECONFIG` names. Stopping it ends only the former.
final class Cluster {
    /// Where jobs run: the strictest Pod Security level is enforced there.
    static final String NAMESPACE = "training";

    /// A first start builds Kubernetes.
    private static final Duration START_LIMIT = Duration.ofMinutes(40);
    private static final Duration READY_LIMIT = Duration.ofSeconds(60);
    private static final Duration HELM_LIMIT = Duration.ofMinutes(5);

    private final Program scripts = new Program(Map.of(), START_LIMIT);
    private final boolean own;
    private final Kubectl kubectl;
    private final Path kubeconfig;

    private Cluster(boolean own, Path kubectl, Path kubeconfig) {
        this.own = own;
        this.kubectl = new Kubectl(kubectl, kubeconfig);
        this.kubeconfig = kubeconfig;
    }

    /// A fresh cluster of our own, unless `KUBECONFIG` names one.
    static Cluster start() throws IOException, InterruptedException {
        String given = System.getenv().getOrDefault("KUBECONFIG", "");
        if (!given.isEmpty()) {
            return new Cluster(false, Path.of("kubectl"), Path.of(given));
        }
        Cluster cluster = new Cluster(true, state().resolve("bin/kubectl"), state().resolve("kubeconfig"));
        String _ = cluster.scripts.run(List.of(script("up.sh")));
        return cluster;
    }

    /// The same, where there can be one.
    static Cluster startOrSkip() throws IOException, InterruptedException {
        Assumptions.assumeTrue(
                !System.getenv().getOrDefault("KUBECONFIG", "").isEmpty()
                        || Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0),
                "A cluster of our own needs root: run the tests as root, or set KUBECONFIG to a cluster that you have.");
        return start();
    }

    /// The same, with images of what the build just made.
    static Cluster startWithImages() throws IOException, InterruptedException {
        String _ = new Program(Map.of(), START_LIMIT)
                .run(List.of(checkout().resolve("images/build.sh").toString()));
        return startOrSkip();
    }

    /// Skips the test on a cluster whose machines are not ours to break.
    void requireOwn() {
        Assumptions.assumeTrue(own, "This case breaks nodes and links: it needs the own cluster, so unset KUBECONFIG.");
    }

    Kubectl kubectl() {
        return kubectl;
    }

    void helm(List<String> arguments) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(state().resolve("bin/helm").toString()));
        line.addAll(arguments);
        String _ = new Program(Map.of("KUBECONFIG", kubeconfig.toString()), HELM_LIMIT).run(line);
    }

    static List<Node> nodes() {
        return Stream.of("node-1", "node-2", "node-3").map(Node::new).toList();
    }

    /// The folder of this machine behind a claim, such as `checkpoints`.
    static Path volume(String claim) {
        return state().resolve("volumes").resolve(claim);
    }

    void awaitReady(Node node) throws Exception {
        Await.until(node.name() + " is Ready", READY_LIMIT, () -> isReady(node));
    }

    boolean isReady(Node node) throws IOException, InterruptedException {
        String path = "jsonpath={.status.conditions[?(@.type==\"Ready\")].status}";
        return kubectl.run("get", "node", node.name(), "-o", path).equals("True");
    }

    /// Ends a process of the cluster, such as `kube-apiserver` or `kubelet-node-2`.
    void stopService(String name) throws IOException, InterruptedException {
        run("service.sh", "stop", name);
    }

    void startService(String name) throws IOException, InterruptedException {
        run("service.sh", "start", name);
    }

    /// One of the scripts beside `up.sh`.
    void run(String script, String... arguments) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(script(script)));
        line.addAll(List.of(arguments));
        String _ = scripts.run(line);
    }

    void stop() throws IOException, InterruptedException {
        if (own) {
            String _ = scripts.run(List.of(script("down.sh")));
        }
    }

    static Path state() {
        return checkout().resolve("target/cluster");
    }

    static String script(String name) {
        Path script = checkout().resolve("scripts/cluster").resolve(name);
        if (!Files.isExecutable(script)) {
            throw new IllegalStateException("There is no " + script + ".");
        }
        return script.toString();
    }

    static Path checkout() {
        return Path.of(System.getProperty("checkout", "")).toAbsolutePath();
    }
}
