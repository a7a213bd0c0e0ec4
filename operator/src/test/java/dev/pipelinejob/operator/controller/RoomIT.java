package dev.pipelinejob.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipelinejob.api.v1alpha1.PipelineJob;
import dev.pipelinejob.api.v1alpha1.PipelineJobStatus;
import dev.pipelinejob.api.v1alpha1.PipelineJobStatus.JobState;
import dev.pipelinejob.operator.cluster.TestJobs;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The operator against a real API server: jobs that do not run yet, or never, and say why.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RoomIT {
    @RegisterExtension
    static final OneOperator OPERATOR = OneOperator.on(3);

    private final OperatorFixture operators;

    RoomIT(OperatorFixture operators) {
        this.operators = operators;
    }

    @Test
    void aJobThatHasToWaitSaysWhyAndRunsWhenThereIsRoom() throws Exception {
        // given
        PipelineJob first = TestJobs.create(operators.client(), "first", 500);
        operators.awaitStep(first, 1);

        // when
        PipelineJob second = TestJobs.create(operators.client(), "second", 40);
        PipelineJobStatus waiting = operators.awaitUnplaced(second, "room");

        // then
        assertThat(waiting.state()).isEqualTo(JobState.PENDING);
        assertThat(operators.pods()).hasSize(3);
        operators.awaitComplete(first);
        operators.awaitComplete(second);
    }

    @Test
    void aJobThatFitsNowhereSaysWhatIsMissingWhere() throws Exception {
        PipelineJob job = TestJobs.create(operators.client(), "accelerated", 40, """
                  workerPools: [{name: workers, accelerator: {resource: nvidia.com/gpu, count: 8}}]
                """);

        PipelineJobStatus status = operators.awaitUnplaced(job, "room for 0 workers of 8 nvidia.com/gpu");

        assertThat(message(status, "Placed")).contains("node-1, node-2, node-3 offer too little nvidia.com/gpu");
        assertThat(status.state()).isEqualTo(JobState.PENDING);
        assertThat(operators.pods()).isEmpty();
    }

    @Test
    void aJobThatWaitsForRoomIsChangedAndRunsWithoutBeingSuspended() throws Exception {
        // given
        PipelineJob job = TestJobs.create(operators.client(), "too-large", 40, """
                  workerPools: [{name: workers, template: {spec: {containers: [{name: worker, resources: {requests: {cpu: "64"}}}]}}}]
                """);
        operators.awaitUnplaced(job, "offer too little cpu");

        // when
        operators
                .client()
                .resource(job)
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"spec\": {\"workerPools\": [{\"name\": \"workers\"}]}}");

        // then
        operators.awaitComplete(job);
        assertThat(operators.attempts()).hasSize(1);
    }

    @Test
    void aClaimOfOneNodeIsRefusedForAPlanOfThree() throws Exception {
        // given
        operators
                .client()
                .resource(new PersistentVolumeClaimBuilder()
                        .withNewMetadata()
                        .withNamespace("default")
                        .withName("checkpoints")
                        .endMetadata()
                        .withNewSpec()
                        .withAccessModes("ReadWriteOnce")
                        .withNewResources()
                        .withRequests(Map.of("storage", new Quantity("1Gi")))
                        .endResources()
                        .endSpec()
                        .build())
                .create();

        // when
        PipelineJob job = TestJobs.create(operators.client(), "one-node", 40);
        PipelineJobStatus status = operators.awaitUnplaced(job, "ReadWriteOnce");
        operators
                .client()
                .persistentVolumeClaims()
                .inNamespace("default")
                .withName("checkpoints")
                .delete();

        // then
        assertThat(message(status, "Placed"))
                .isEqualTo("Claim checkpoints is ReadWriteOnce but the plan has workers on 3 nodes: use a"
                        + " ReadWriteMany claim in spec.checkpoint.store, or make the job fit on one node.");
        assertThat(operators.pods()).isEmpty();
    }

    @Test
    void aJobWithoutAStoreFailsAtOnceAndSaysWhy() throws Exception {
        PipelineJob job = TestJobs.create(
                operators.client(),
                "forgetful",
                40,
                "",
                text -> text.replace(", store: {persistentVolumeClaim: {claimName: checkpoints}}", ""));

        PipelineJobStatus status = operators.await(job, "failure", each -> each.state() == JobState.FAILED);

        assertThat(message(status, "Failed")).startsWith("spec.checkpoint.store is missing");
        assertThat(operators.pods()).isEmpty();
    }

    @Test
    void aJobOfAnotherManagerIsLeftAlone() throws Exception {
        // given
        PipelineJob theirs = TestJobs.create(operators.client(), "theirs", 40, "  managedBy: example.com/dispatcher\n");

        // when
        PipelineJob ours = TestJobs.create(operators.client(), "ours", 40);
        operators.awaitComplete(ours);

        // then
        assertThat(operators.client().resource(theirs).get().getStatus()).isNull();
        assertThat(operators.pods()).allMatch(pod -> pod.getMetadata().getName().startsWith("ours-"));
        assertThat(operators.client().configMaps().inNamespace("default").list().getItems())
                .allMatch(each -> each.getMetadata().getName().startsWith("ours-"));
    }

    private static String message(PipelineJobStatus status, String type) {
        return status.conditions() == null
                ? ""
                : status.conditions().stream()
                        .filter(condition -> condition.type().equals(type))
                        .map(condition -> String.valueOf(condition.message()))
                        .findFirst()
                        .orElse("");
    }
}
