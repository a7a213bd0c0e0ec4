package dev.pipelinejob.operator.cluster;

import dev.pipelinejob.api.v1alpha1.InterconnectTopology;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;

/// Topologies for tests: racks, with the usual kind of device.
public final class TestTopologies {
    private static final String TOPOLOGY = """
            apiVersion: pipelinejob.dev/v1alpha1
            kind: InterconnectTopology
            metadata: {name: %s}
            spec:
              levels: [{name: rack, nodeLabel: %s, uplinkBytesPerSecond: 1250000000}]
              devices: [{name: cpu, portBytesPerSecond: 1250000000, memoryBytes: 8589934592}]
            """;

    private TestTopologies() {}

    /// Creates one whose racks are told by a label.
    public static InterconnectTopology create(KubernetesClient client, String name, String label) {
        client.resource(client.getKubernetesSerialization()
                        .unmarshal(TOPOLOGY.formatted(name, label), GenericKubernetesResource.class))
                .create();
        return client.resources(InterconnectTopology.class).withName(name).require();
    }
}
