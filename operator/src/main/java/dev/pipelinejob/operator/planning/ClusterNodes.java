package dev.pipelinejob.operator.planning;

import io.fabric8.kubernetes.api.model.KubernetesList;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeList;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Nodes as `kubectl get nodes -o yaml` writes them.
public final class ClusterNodes {
    private ClusterNodes() {}

    /// The nodes of a file.
    ///
    /// @throws IllegalArgumentException with one sentence when it holds none
    public static List<Node> read(Path file) throws IOException {
        Object content;
        try (InputStream in = Files.newInputStream(file)) {
            content = new KubernetesSerialization().unmarshal(in);
        } catch (KubernetesClientException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    file + " cannot be read as Kubernetes' YAML: write it by kubectl get nodes -o yaml.", e);
        }
        List<Node> nodes = new ArrayList<>();
        List<?> items =
                switch (content) {
                    case KubernetesList list -> list.getItems();
                    case NodeList list -> list.getItems();
                    case Node node -> List.of(node);
                    case null, default -> List.of();
                };
        for (Object item : items) {
            if (item instanceof Node node) {
                nodes.add(node);
            }
        }
        if (nodes.isEmpty()) {
            throw new IllegalArgumentException(file + " holds no Node: write it by kubectl get nodes -o yaml.");
        }
        return nodes;
    }
}
