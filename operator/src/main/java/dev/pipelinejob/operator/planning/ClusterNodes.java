package dev.pipelinejob.operator.planning;

import dev.pipelinejob.operator.planning.ClusterTopology.Machine;
import io.fabric8.kubernetes.api.model.KubernetesList;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeList;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.InputStream;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Nodes as `kubectl get nodes -o yaml` writes them.
public final class ClusterNodes {
    private ClusterNodes() {}

    /// The machines of a file.
    ///
    /// @throws IllegalArgumentException with one sentence when it holds none
    public static List<Machine> read(Path file) throws IOException {
        Object content;
        try (InputStream in = Files.newInputStream(file)) {
            content = new KubernetesSerialization().unmarshal(in);
        } catch (KubernetesClientException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    file + " cannot be read as Kubernetes' YAML: write it by kubectl get nodes -o yaml.", e);
        }
        List<Machine> machines = new ArrayList<>();
        List<?> items =
                switch (content) {
                    case KubernetesList list -> list.getItems();
                    case NodeList list -> list.getItems();
                    case Node node -> List.of(node);
                    case null, default -> List.of();
                };
        for (Object item : items) {
            if (item instanceof Node node) {
                machines.add(machine(node));
            }
        }
        if (machines.isEmpty()) {
            throw new IllegalArgumentException(file + " holds no Node: write it by kubectl get nodes -o yaml.");
        }
        return machines;
    }

    private static Machine machine(Node node) {
        Map<String, Long> allocatable = new TreeMap<>();
        if (node.getStatus() != null && node.getStatus().getAllocatable() != null) {
            node.getStatus()
                    .getAllocatable()
                    .forEach((resource, quantity) -> allocatable.put(resource, whole(quantity)));
        }
        Map<String, String> labels = node.getMetadata().getLabels();
        return new Machine(node.getMetadata().getName(), labels == null ? Map.of() : labels, allocatable);
    }

    private static long whole(Quantity quantity) {
        return quantity.getNumericalAmount().setScale(0, RoundingMode.DOWN).longValue();
    }
}
