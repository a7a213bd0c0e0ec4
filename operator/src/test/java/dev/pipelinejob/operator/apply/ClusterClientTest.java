package dev.pipelinejob.operator.apply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipelinejob.api.v1alpha1.PipelineJob;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Quantity;
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

    @Test
    void ofAPodOnlyThatIsReadWhichSomebodyAsksFor() {
        Pod pod = ClusterClient.serialization().unmarshal("""
                apiVersion: v1
                kind: Pod
                metadata: {name: shop, labels: {app: shop}, managedFields: [{manager: kubelet}]}
                spec:
                  nodeName: n7
                  overhead: {memory: 1Mi}
                  volumes: [{name: cache, emptyDir: {}}]
                  initContainers: [{name: first, restartPolicy: Always, env: [{name: A, value: B}]}]
                  containers: [{name: main, image: shop, resources: {requests: {cpu: 1}}}]
                status: {phase: Running, podIP: 10.0.0.1, containerStatuses: [{name: main, state: {running: {}}}]}
                """, Pod.class);

        assertThat(pod)
                .isEqualTo(new PodBuilder()
                        .withNewMetadata()
                        .withName("shop")
                        .addToLabels("app", "shop")
                        .endMetadata()
                        .withSpec(pod.getSpec())
                        .withNewStatus()
                        .withPhase("Running")
                        .addNewContainerStatus()
                        .withName("main")
                        .withNewState()
                        .withNewRunning()
                        .endRunning()
                        .endState()
                        .endContainerStatus()
                        .endStatus()
                        .build());
        assertThat(ClusterClient.serialization().asJson(pod.getSpec()))
                .isEqualTo("{\"containers\":[{\"name\":\"main\",\"resources\":{\"requests\":{\"cpu\":\"1\"}}}],"
                        + "\"initContainers\":[{\"name\":\"first\",\"restartPolicy\":\"Always\"}],"
                        + "\"nodeName\":\"n7\",\"overhead\":{\"memory\":\"1Mi\"}}");
    }

    @Test
    void ofANodeOnlyThatIsReadWhichSomebodyAsksFor() {
        Node node = ClusterClient.serialization().unmarshal("""
                apiVersion: v1
                kind: Node
                metadata: {name: n7}
                spec: {unschedulable: true}
                status:
                  allocatable: {cpu: 4}
                  conditions: [{type: Ready, status: "True"}]
                  images: [{names: [shop], sizeBytes: 1}]
                  nodeInfo: {architecture: amd64}
                """, Node.class);

        assertThat(node)
                .isEqualTo(new NodeBuilder()
                        .withNewMetadata()
                        .withName("n7")
                        .endMetadata()
                        .withNewSpec()
                        .withUnschedulable(true)
                        .endSpec()
                        .withNewStatus()
                        .addToAllocatable("cpu", new Quantity("4"))
                        .addNewCondition()
                        .withType("Ready")
                        .withStatus("True")
                        .endCondition()
                        .endStatus()
                        .build());
    }

    @Test
    void aTemplateIsReadWholeAndAPodIsWrittenWhole() {
        PodTemplateSpec template = ClusterClient.serialization().unmarshal("""
                spec:
                  volumes: [{name: cache, emptyDir: {}}]
                  containers: [{name: main, image: shop}]
                """, PodTemplateSpec.class);
        Pod pod = new PodBuilder().withSpec(template.getSpec()).build();

        assertThat(ClusterClient.serialization().asJson(pod))
                .contains("\"volumes\":[{\"emptyDir\":{},\"name\":\"cache\"}]", "\"image\":\"shop\"");
    }
}
