package dev.pipelinejob.operator.apply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipelinejob.api.v1alpha1.PipelineJob;
import org.junit.jupiter.api.Test;

class ClusterClientTest {
    @Test
    void aJobOfNewerDefinitionsIsReadWithoutWhatIsNewInIt() {
        PipelineJob job = ClusterClient.serialization().unmarshal("""
                apiVersion: pipelinejob.dev/v1alpha1
                kind: PipelineJob
                metadata: {name: newer}
                spec:
                  fieldOfTomorrow: {deep: 1}
                  model: {catalogue: {mlp: {layers: 1, width: 8, hiddenWidth: 8, fieldOfTomorrow: 1}}}
                  data: {text: {path: corpus}}
                  training: {steps: 3, batchSize: 4, microBatches: 2, optimizer: {sgd: {learningRate: "0.1"}}}
                  pipeline: {stages: {max: 1}}
                  workerPools: [{name: workers}]
                status: {observedGeneration: 1, fieldOfTomorrow: true}
                """, PipelineJob.class);

        assertThat(job.getMetadata().getName()).isEqualTo("newer");
        assertThat(job.getSpec().training().steps()).isEqualTo(3);
    }
}
