package dev.pipelinejob.operator.cluster;

import dev.pipelinejob.api.v1alpha1.PipelineJob;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.function.UnaryOperator;

/// Jobs for tests: small, three stages, a checkpoint every 20 steps.
public final class TestJobs {
    private static final String JOB = """
            apiVersion: pipelinejob.dev/v1alpha1
            kind: PipelineJob
            metadata: {name: %s, namespace: default}
            spec:
              model:
                catalogue:
                  gpt: {layers: 2, width: 32, heads: 4, contextLength: 16}
              data:
                text: {path: corpus, source: {persistentVolumeClaim: {claimName: data}}}
              training:
                steps: %d
                batchSize: 8
                microBatches: 4
                optimizer:
                  adamW: {learningRate: "1e-3"}
              pipeline:
                schedule: GPipe
                stages:
                  manual: [{layers: 1}, {layers: 1}, {layers: 2}]
              failurePolicy: {backoff: {initialSeconds: 0}}
              checkpoint: {everySteps: 20, store: {persistentVolumeClaim: {claimName: checkpoints}}}
            """;

    private TestJobs() {}

    /// Creates a job that asks for three workers; the API server fills in what the text leaves out.
    public static PipelineJob create(KubernetesClient client, String name, int steps) {
        return create(client, name, steps, "");
    }

    /// Creates such a job with more fields.
    ///
    /// @param more lines of the spec
    public static PipelineJob create(KubernetesClient client, String name, int steps, String more) {
        return create(client, name, steps, more, UnaryOperator.identity());
    }

    /// Creates such a job after a change of its text.
    public static PipelineJob create(
            KubernetesClient client, String name, int steps, String more, UnaryOperator<String> change) {
        String text = change.apply(JOB.formatted(name, steps) + more);
        client.resource(client.getKubernetesSerialization().unmarshal(text, GenericKubernetesResource.class))
                .create();
        return client.resources(PipelineJob.class)
                .inNamespace("default")
                .withName(name)
                .require();
    }
}
