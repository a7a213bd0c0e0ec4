package dev.pipelinejob.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// The cluster that all other tests here stand on is one: it schedules, runs, connects and loses pods.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HarnessIT {
    private static final Duration POD_LIMIT = Duration.ofSeconds(30);
    /// The grace for a node without a lease, and what the lease itself may last.
    private static final Duration NOT_READY_LIMIT = Duration.ofSeconds(60);

    private Cluster cluster;
    private Kubectl kubectl;

    @BeforeAll
    void start() throws Exception {
        cluster = Cluster.startOrSkip();
        kubectl = cluster.kubectl();
    }

    @AfterAll
    void stop() throws Exception {
        cluster.stop();
        assertThat(Leftovers.find()).isEmpty();
    }

    @Test
    void threeNodesInTwoRacksOfferAcceleratorsThatTheSchedulerCounts() throws Exception {
        cluster.requireOwn();
        List<String> nodes = StreamSupport.stream(
                        kubectl.get("nodes").path("items").spliterator(), false)
                .map(node -> node.at("/metadata/name").asText() + " "
                        + node.at("/metadata/labels").path("example.com/rack").asText() + " "
                        + node.at("/status/allocatable").path("nvidia.com/gpu").asText())
                .sorted()
                .toList();
        assertThat(nodes).containsExactly("node-1 a 2", "node-2 a 2", "node-3 b 2");
    }

    @Test
    void podsOfTwoNodesReachEachOtherDirectlyAndThroughAServiceAlsoOnOneNode() throws Exception {
        cluster.requireOwn();
        kubectl.apply(PausePod.serving("near", "node-1").yaml()
                + PausePod.serving("near-too", "node-1").yaml()
                + PausePod.serving("far", "node-2").yaml());
        kubectl.run("expose", "pod", "near", "--port", "7000");
        for (String pod : List.of("near", "near-too", "far")) {
            awaitRunning(pod);
        }
        String address = pod("near").at("/status/podIP").asText() + ":7000";
        String service = kubectl.get("service", "near").at("/spec/clusterIP").asText() + ":7000";

        Await.until("the service answers", POD_LIMIT, () -> kubectl.ask("exec", "far", "--", "/pause", "ask", service)
                .isDone());
        assertThat(kubectl.run("exec", "far", "--", "/pause", "ask", address)).isEqualTo("near\n");
        assertThat(kubectl.run("exec", "near-too", "--", "/pause", "ask", service))
                .isEqualTo("near\n");
        assertThat(kubectl.run("logs", "far")).isEqualTo("serving\n");
        kubectl.run("delete", "pod,service", "near");
        kubectl.run("delete", "pod", "near-too", "far");
    }

    @Test
    void aPodThatIsNotRestrictedIsRefused() throws Exception {
        String privileged = PausePod.serving("privileged", "node-1").yaml().replace("drop: [ALL]", "add: [NET_ADMIN]");

        Program.Answer answer = kubectl.tryToApply(privileged);

        assertThat(answer.isDone()).isFalse();
        assertThat(answer.err()).contains("violates PodSecurity");
    }

    @Test
    void aNodeThatIsCutOffIsNotReadyAndItsPodRunsOn() throws Exception {
        cluster.requireOwn();
        Node node = new Node("node-3");
        kubectl.apply(PausePod.serving("cut", node.name()).yaml());
        awaitRunning("cut");
        String uid = pod("cut").at("/metadata/uid").asText();

        node.cut();
        try {
            Await.until("the node is not Ready", NOT_READY_LIMIT, () -> !cluster.isReady(node));
            assertThat(pod("cut").at("/status/phase").asText()).isEqualTo("Running");
            assertThat(PodProcesses.of(uid)).isNotEmpty();
        } finally {
            node.join();
        }
        cluster.awaitReady(node);
        kubectl.run("delete", "pod", "cut");
    }

    @Test
    void theApiServerComesBackWithAllThatWasThere() throws Exception {
        cluster.requireOwn();
        cluster.stopService("kube-apiserver");
        assertThat(kubectl.ask("get", "nodes").isDone()).isFalse();

        cluster.startService("kube-apiserver");
        Await.until("the API server is ready", POD_LIMIT, () -> kubectl.ask("get", "--raw", "/readyz")
                .isDone());
        assertThat(kubectl.get("nodes").path("items")).hasSize(Cluster.nodes().size());
    }

    private void awaitRunning(String pod) throws Exception {
        Await.until(
                pod + " runs",
                POD_LIMIT,
                () -> pod(pod).at("/status/phase").asText(),
                phase -> phase.equals("Running"));
    }

    private JsonNode pod(String name) throws Exception {
        return kubectl.get("pod", name);
    }
}
