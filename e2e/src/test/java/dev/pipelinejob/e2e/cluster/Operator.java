package dev.pipelinejob.e2e.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The operator as the chart installs it.
final class Operator {
    static final String NAMESPACE = "pipelinejob-system";
    private static final String RELEASE = "pipelinejob";
    /// What all its pods have.
    static final String SELECTOR = "app.kubernetes.io/name=" + RELEASE;
    /// The port that workers enrol at and are ordered through.
    static final int CONTROL_PORT = 9443;

    private static final Duration LEADER_LIMIT = Duration.ofMinutes(1);

    private final Kubectl kubectl;

    private Operator(Kubectl kubectl) {
        this.kubectl = kubectl;
    }

    /// Answers when it is ready.
    ///
    /// @param values as `--set` takes them
    static Operator install(Cluster cluster, List<String> values) throws IOException, InterruptedException {
        cluster.helm(List.of(
                "install",
                RELEASE,
                Cluster.checkout().resolve("helm/pipelinejob").toString(),
                "--namespace",
                NAMESPACE,
                "--create-namespace",
                "--wait",
                "--timeout",
                "3m",
                "--set",
                String.join(",", values)));
        return new Operator(cluster.kubectl());
    }

    /// The process of the pod that leads.
    long leader() throws Exception {
        return PodProcesses.first(leading().at("/metadata/uid").asText(), "controller");
    }

    /// Kills the leader and lets another pod take its place: the kubelet would wait longer each time that it starts one
    /// container again, and that is not what is tried here.
    void killLeader() throws Exception {
        String pod = leading().at("/metadata/name").asText();
        Signals.kill(leader());
        kubectl.run("delete", "pod", pod, "-n", NAMESPACE, "--force", "--grace-period=0", "--wait=false");
    }

    /// Where it runs.
    String leadingNode() throws Exception {
        return leading().at("/spec/nodeName").asText();
    }

    /// Who leads, by the Lease.
    String holder() throws IOException, InterruptedException {
        return kubectl.get("lease", RELEASE, "-n", NAMESPACE)
                .at("/spec/holderIdentity")
                .asText();
    }

    /// Waits until somebody else leads.
    void awaitAnotherLeaderThan(String holder, Duration limit) throws Exception {
        Await.until("another leader than " + holder, limit, () -> {
            String now = holder();
            return !now.isEmpty() && !now.equals(holder);
        });
    }

    /// The pod that leads; right after a leader's death nobody does.
    private JsonNode leading() throws Exception {
        return Await.until("a pod of the operator holds the lease", LEADER_LIMIT, this::find, Optional::isPresent)
                .orElseThrow();
    }

    private Optional<JsonNode> find() throws IOException, InterruptedException {
        String holder = holder();
        for (JsonNode pod : pods()) {
            if (holder.contains(pod.at("/metadata/name").asText())) {
                return Optional.of(pod);
            }
        }
        return Optional.empty();
    }

    JsonNode pods() throws IOException, InterruptedException {
        return kubectl.get("pods", "-n", NAMESPACE, "-l", SELECTOR).path("items");
    }

    String logs() throws IOException, InterruptedException {
        return kubectl.run("logs", "-n", NAMESPACE, "-l", SELECTOR, "--tail", "200");
    }
}
