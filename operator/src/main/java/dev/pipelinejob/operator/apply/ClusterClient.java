package dev.pipelinejob.operator.apply;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

/// The operator's connection to the API server.
public final class ClusterClient {
    private ClusterClient() {}

    /// Connects. During an upgrade the definitions are newer than the operator: it passes over fields that it does not
    /// know, instead of ending at the first job that has one.
    public static KubernetesClient of(Config config) {
        return new KubernetesClientBuilder()
                .withConfig(config)
                .withKubernetesSerialization(serialization())
                .build();
    }

    static KubernetesSerialization serialization() {
        ObjectMapper mapper = new ObjectMapper().configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false);
        return new KubernetesSerialization(Excerpts.of(mapper), true);
    }
}
