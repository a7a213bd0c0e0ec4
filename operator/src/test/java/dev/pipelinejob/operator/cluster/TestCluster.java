package dev.pipelinejob.operator.cluster;

import dev.pipelinejob.api.DefinitionFiles;
import dev.pipelinejob.controlplane.ControlPlane;
import dev.pipelinejob.operator.apply.ClusterClient;
import dev.pipelinejob.operator.config.OperatorConfig;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A real API server with our definitions and nodes that only it knows.
public final class TestCluster implements AutoCloseable {
    private static final long LIMIT_SECONDS = 60;
    private static final Duration LOOK = Duration.ofMillis(20);

    private final ControlPlane plane;
    private final KubernetesClient client;

    private TestCluster(ControlPlane plane, KubernetesClient client) {
        this.plane = plane;
        this.client = client;
    }

    /// Starts it.
    public static TestCluster start() throws IOException, InterruptedException, GeneralSecurityException {
        ControlPlane plane = ControlPlane.start();
        TestCluster cluster = new TestCluster(
                plane,
                new KubernetesClientBuilder()
                        .withConfig(connection(plane, plane.token()))
                        .build());
        // Pods need it, and who makes it in a cluster is not here.
        cluster.client
                .resource(new ServiceAccountBuilder()
                        .withNewMetadata()
                        .withNamespace("default")
                        .withName("default")
                        .endMetadata()
                        .build())
                .create();
        for (String file : List.of(DefinitionFiles.PIPELINE_JOB, DefinitionFiles.INTERCONNECT_TOPOLOGY)) {
            CustomResourceDefinition definition = cluster.client
                    .getKubernetesSerialization()
                    .unmarshal(DefinitionFiles.read(file), CustomResourceDefinition.class);
            cluster.client.resource(definition).create();
            cluster.client
                    .resource(definition)
                    .waitUntilCondition(
                            each -> each != null
                                    && each.getStatus() != null
                                    && each.getStatus().getConditions() != null
                                    && each.getStatus().getConditions().stream()
                                            .anyMatch(condition -> condition
                                                            .getType()
                                                            .equals("Established")
                                                    && condition.getStatus().equals("True")),
                            LIMIT_SECONDS,
                            TimeUnit.SECONDS);
        }
        return cluster;
    }

    /// Starts it with so many nodes, `node-1` and so on, of which each has room for one worker.
    public static TestCluster start(int nodes) throws IOException, InterruptedException, GeneralSecurityException {
        TestCluster cluster = start();
        for (int number = 1; number <= nodes; number++) {
            cluster.addNode("node-" + number, 1);
        }
        return cluster;
    }

    /// How an operator is set up whose workers are processes of this machine.
    ///
    /// @param name which of several operators it is
    /// @param port where workers call it
    public static OperatorConfig operator(String name, int port) {
        return new OperatorConfig(
                "default",
                name,
                "127.0.0.1",
                List.of(),
                port,
                "",
                "127.0.0.1:" + port,
                0,
                "worker",
                "authority",
                "operator");
    }

    /// Waits until a resource's status is as wanted.
    ///
    /// @param what is waited for, in words
    public <S> S await(CustomResource<?, S> resource, String what, Predicate<S> condition, Duration limit)
            throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        @Nullable S last = null;
        while (System.nanoTime() < deadline) {
            last = client.resource(resource).get().getStatus();
            if (last != null && condition.test(last)) {
                return last;
            }
            Thread.sleep(LOOK);
        }
        throw new AssertionError("Never seen: " + what + "; status: " + last);
    }

    private static Config connection(ControlPlane plane, String token) {
        return new ConfigBuilder(Config.empty())
                .withMasterUrl(plane.url().toString())
                .withOauthToken(token)
                .withCaCertFile(plane.certificate().toString())
                .withNamespace("default")
                .build();
    }

    /// A member of system:masters.
    public KubernetesClient client() {
        return client;
    }

    /// Another such client, as an operator has it.
    public KubernetesClient newClient() {
        return ClusterClient.of(connection(plane, plane.token()));
    }

    /// A client of a service account, which may do what its roles say.
    public KubernetesClient newClient(String namespace, String account) {
        TokenRequest wanted = new TokenRequestBuilder().withNewSpec().endSpec().build();
        String token = client.serviceAccounts()
                .inNamespace(namespace)
                .withName(account)
                .tokenRequest(wanted)
                .getStatus()
                .getToken();
        return ClusterClient.of(connection(plane, token));
    }

    /// What service accounts have asked, a line of JSON each.
    public Path auditLog() {
        return plane.auditLog();
    }

    /// Adds a node that is ready and holds so many workers.
    public void addNode(String name, int cores) {
        Node node = new NodeBuilder()
                .withNewMetadata()
                .withName(name)
                .withLabels(Map.of("kubernetes.io/hostname", name, "kubernetes.io/arch", "amd64"))
                .endMetadata()
                .withNewStatus()
                .withAllocatable(offer(cores))
                .withCapacity(offer(cores))
                .addNewCondition()
                .withType("Ready")
                .withStatus("True")
                .withReason("KubeletReady")
                .endCondition()
                .endStatus()
                .build();
        client.resource(node).create();
        // A new node is tainted until somebody has seen that it is ready; nobody else looks here.
        client.nodes().withName(name).edit(now -> {
            now.getSpec().setTaints(List.of());
            return now;
        });
    }

    private static Map<String, Quantity> offer(int cores) {
        return Map.of(
                "cpu", new Quantity(Integer.toString(cores)),
                "memory", new Quantity("64Gi"),
                "ephemeral-storage", new Quantity("64Gi"),
                "pods", new Quantity("110"));
    }

    @Override
    public void close() {
        client.close();
        plane.close();
    }
}
