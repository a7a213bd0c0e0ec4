package dev.pipelinejob.e2e.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;

/// The operator as the chart installs it.
final class Operator {
    private static final String NAMESPACE = "pipelinejob-system";
    private static final String RELEASE = "pipelinejob";
    /// The port that workers enrol at and are ordered through.
    static final int CONTROL_PORT = 9443;

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
    long leader() throws IOException, InterruptedException {
        String holder = kubectl.get("lease", RELEASE, "-n", NAMESPACE)
                .at("/spec/holderIdentity")
                .asText();
        for (JsonNode pod : pods()) {
            if (holder.contains(pod.at("/metadata/name").asText())) {
                return PodProcesses.first(pod.at("/metadata/uid").asText(), "controller");
            }
        }
        throw new AssertionError("No pod of the operator holds the lease, but " + holder + ".");
    }

    JsonNode pods() throws IOException, InterruptedException {
        return kubectl.get("pods", "-n", NAMESPACE, "-l", "app.kubernetes.io/name=" + RELEASE)
                .path("items");
    }

    String logs() throws IOException, InterruptedException {
        return kubectl.run("logs", "-n", NAMESPACE, "-l", "app.kubernetes.io/name=" + RELEASE, "--tail", "200");
    }
}
