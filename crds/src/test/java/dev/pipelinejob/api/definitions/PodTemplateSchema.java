package dev.pipelinejob.api.definitions;

import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/// Kubernetes' pod template as a part of our schema: without what makes no sense in a worker's pod, so that strict
/// validation refuses it by name, and with bounds, so that rules over it have a bounded cost.
final class PodTemplateSchema {
    private static final Set<String> METADATA = Set.of("labels", "annotations");
    private static final Set<String> NOT_IN_PODS = Set.of(
            "activeDeadlineSeconds",
            "ephemeralContainers",
            "hostIPC",
            "hostPID",
            "hostname",
            "hostnameOverride",
            "os",
            "overhead",
            "priority",
            "readinessGates",
            "resourceClaims",
            "resources",
            "schedulingGates",
            "serviceAccount",
            "setHostnameAsFQDN",
            "subdomain",
            "workloadRef");
    private static final Set<String> NOT_IN_CONTAINERS =
            Set.of("resizePolicy", "restartPolicyRules", "terminationMessagePath", "terminationMessagePolicy");
    /// Volumes of drivers that have left Kubernetes' own code are claimed by a PersistentVolumeClaim.
    private static final Set<String> VOLUMES = Set.of(
            "name",
            "configMap",
            "csi",
            "downwardAPI",
            "emptyDir",
            "ephemeral",
            "hostPath",
            "image",
            "nfs",
            "persistentVolumeClaim",
            "projected",
            "secret");
    private static final long MAX_CONTAINERS = 16;
    private static final long MAX_ITEMS = 128;
    private static final long MAX_NAME = 63;
    private static final long MAX_TEXT = 512;

    private PodTemplateSchema() {}

    static boolean isTemplate(JSONSchemaProps schema) {
        JSONSchemaProps spec =
                schema.getProperties() == null ? null : schema.getProperties().get("spec");
        return spec != null
                && spec.getProperties() != null
                && spec.getProperties().containsKey("containers");
    }

    /// What the reference says instead of the template's many fields.
    static String furtherReading(JSONSchemaProps schema) {
        return isTemplate(schema)
                ? " A [PodTemplateSpec](https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/"
                        + "pod-template-v1/#PodTemplateSpec); [who decides what of it](pod-template.md)."
                : "";
    }

    static void finish(JSONSchemaProps template) {
        JSONSchemaProps metadata = member(template, "metadata");
        metadata.getProperties().keySet().retainAll(METADATA);
        metadata.getProperties().values().forEach(PodTemplateSchema::boundMap);

        JSONSchemaProps pod = member(template, "spec");
        pod.getProperties().keySet().removeAll(NOT_IN_PODS);
        pod.setRequired(List.of());
        for (String name : List.of("containers", "initContainers")) {
            JSONSchemaProps list = member(pod, name);
            list.setMaxItems(MAX_CONTAINERS);
            named(list);
            container(list.getItems().getSchema());
        }
        JSONSchemaProps volumes = member(pod, "volumes");
        volumes.setMaxItems(MAX_ITEMS);
        named(volumes);
        volumes.getItems().getSchema().getProperties().keySet().retainAll(VOLUMES);
    }

    private static void container(JSONSchemaProps container) {
        container.getProperties().keySet().removeAll(NOT_IN_CONTAINERS);
        JSONSchemaProps environment = member(container, "env");
        environment.setMaxItems(MAX_ITEMS);
        named(environment);
        JSONSchemaProps mounts = member(container, "volumeMounts");
        mounts.setMaxItems(MAX_ITEMS);
        bound(mounts.getItems().getSchema(), "mountPath", MAX_TEXT);
        member(container, "resources").getProperties().remove("claims");
    }

    private static void named(JSONSchemaProps list) {
        list.setXKubernetesListType("map");
        list.setXKubernetesListMapKeys(List.of("name"));
        JSONSchemaProps item = list.getItems().getSchema();
        item.setRequired(List.of("name"));
        bound(item, "name", list.getMaxItems() == MAX_CONTAINERS ? MAX_NAME : MAX_TEXT);
    }

    private static void bound(JSONSchemaProps item, String member, long maxLength) {
        member(item, member).setMaxLength(maxLength);
    }

    private static JSONSchemaProps member(JSONSchemaProps schema, String name) {
        return Objects.requireNonNull(schema.getProperties().get(name), name);
    }

    private static void boundMap(JSONSchemaProps map) {
        map.setMaxProperties(MAX_ITEMS);
    }
}
