package dev.pipelinejob.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipelinejob.api.v1alpha1.PipelineJob;
import dev.pipelinejob.api.v1alpha1.PipelineJobStatus;
import dev.pipelinejob.operator.apply.AuthoritySecret;
import dev.pipelinejob.operator.cluster.TestJobs;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The operator against a real API server: jobs that run, and what is done to them meanwhile.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ControllerIT {
    @RegisterExtension
    static final OneOperator OPERATOR = OneOperator.on(3);

    private final OperatorFixture operators;

    ControllerIT(OperatorFixture operators) {
        this.operators = operators;
    }

    private static List<String> nodes(List<Pod> pods) {
        return pods.stream().map(pod -> pod.getSpec().getNodeName()).sorted().toList();
    }

    @Test
    void aJobTrainsOnThreeNodesAndItsPodsGo() throws Exception {
        // when
        PipelineJob job = TestJobs.create(operators.client(), "trains", 200);
        operators.awaitStep(job, 1);
        List<String> nodes = nodes(operators.pods());
        String health = operators.ask("/healthz");
        String readiness = operators.ask("/readyz");
        String metrics = operators.ask("/metrics");
        PipelineJobStatus status = operators.awaitComplete(job);

        // then
        assertThat(nodes).containsExactly("node-1", "node-2", "node-3");
        assertThat(health).isEqualTo("ok\n");
        assertThat(readiness).isEqualTo("ok\n");
        assertThat(metrics).contains("pipelinejob_jobs{state=\"running\"} 1.0", "pipelinejob_goodput_percent");
        assertThat(operators
                        .client()
                        .events()
                        .v1()
                        .events()
                        .inNamespace("default")
                        .list()
                        .getItems())
                .filteredOn(event -> event.getReason().equals("CheckpointCommitted")
                        && event.getRegarding().getName().equals("trains"))
                .as("ten checkpoints in seconds")
                .singleElement()
                .satisfies(event -> assertThat(event.getNote()).isEqualTo("The checkpoint of step 20 is committed."));
        assertThat(operators.attempts()).hasSize(1);
        assertThat(status.observedGeneration()).isEqualTo(1);
        assertThat(status.progress()).isNotNull();
        assertThat(Objects.requireNonNull(status.checkpoint()).time())
                .as("when it was seen")
                .isNotNull();
        assertThat(status.model())
                .extracting(PipelineJobStatus.ModelStatus::uri)
                .asString()
                .startsWith("pvc://default/checkpoints/trains-");
        assertThat(status.conditions()).anySatisfy(condition -> {
            assertThat(condition.type()).isEqualTo("Complete");
            assertThat(condition.status()).isEqualTo(PipelineJobStatus.ConditionStatus.TRUE);
        });
        long deadline = System.nanoTime() + OperatorFixture.LIMIT.toNanos();
        while (!operators.pods().isEmpty() && System.nanoTime() < deadline) {
            Thread.sleep(OperatorFixture.LOOK);
        }
        assertThat(operators.pods()).isEmpty();
    }

    @Test
    void aDeletedPodIsReplacedAndTrainingResumes() throws Exception {
        // given
        PipelineJob job = TestJobs.create(operators.client(), "survives", 1500);
        operators.awaitStep(job, 60);

        // when
        operators.client().resource(operators.pods().getFirst()).delete();
        PipelineJobStatus status = operators.awaitComplete(job);

        // then
        assertThat(status.restarts()).isEqualTo(1);
        assertThat(status.attempt()).isEqualTo(2);
        assertThat(operators.attempts()).hasSize(2);
    }

    @Test
    void aRestartedOperatorAdoptsWhatRunsAndChangesNothing() throws Exception {
        // given
        PipelineJob job = TestJobs.create(operators.client(), "adopted", 1500);
        operators.awaitStep(job, 60);
        List<String> before = operators.uids();

        // when
        operators.stopOperator();
        operators.startOperator();
        int seen = operators.step(job);
        operators.awaitStep(job, seen + 200);

        // then
        assertThat(operators.uids()).isEqualTo(before);
        PipelineJobStatus status = operators.awaitComplete(job);
        assertThat(status.restarts()).isZero();
        assertThat(operators.attempts()).hasSize(1);
    }

    @Test
    void anOperatorThatIsInstalledAgainIsTrustedByTheWorkersThatRun() throws Exception {
        // given a job that runs, and an installation of which only the Secret and the Service's address are kept
        PipelineJob job = TestJobs.create(operators.client(), "reinstalled", 900);
        operators.awaitStep(job, 60);
        List<String> before = operators.uids();
        operators.stopOperator();
        operators.client().leases().inNamespace("default").delete();

        // when
        operators.startOperator();
        int seen = operators.step(job);
        operators.awaitStep(job, seen + 200);
        List<String> after = operators.uids();

        // then
        PipelineJobStatus status = operators.awaitComplete(job);
        assertThat(after).isEqualTo(before);
        assertThat(status.restarts()).isZero();
        assertThat(operators.attempts()).hasSize(1);
    }

    @Test
    void aCaThatIsRotatedUnderARunningJobIsWhatItsNextPodTrusts() throws Exception {
        // given
        PipelineJob job = TestJobs.create(operators.client(), "rotated", 900);
        operators.awaitStep(job, 60);
        assertThat(operators.pods()).extracting(ControllerIT::trusted).containsOnly(1);

        // when
        operators
                .client()
                .secrets()
                .inNamespace("default")
                .withName("authority")
                .edit(found -> new SecretBuilder(found)
                        .editMetadata()
                        .addToAnnotations(AuthoritySecret.ROTATE, "after the reinstallation")
                        .endMetadata()
                        .build());
        List<String> before = operators.uids();
        awaitRotation();
        operators.client().resource(operators.pods().getFirst()).delete();
        operators.awaitStep(job, operators.step(job) + 60);

        // then
        assertThat(operators.pods().stream()
                        .filter(pod -> !before.contains(pod.getMetadata().getUid())))
                .extracting(ControllerIT::trusted)
                .containsOnly(2);
        assertThat(operators.awaitComplete(job).restarts()).isEqualTo(1);
    }

    /// Until the operator has noted its new CA; the next pod trusts both.
    private void awaitRotation() throws InterruptedException {
        long deadline = System.nanoTime() + OperatorFixture.LIMIT.toNanos();
        while (System.nanoTime() < deadline) {
            Secret now = operators
                    .client()
                    .secrets()
                    .inNamespace("default")
                    .withName("authority")
                    .get();
            if (now.getData().containsKey("next.crt")) {
                // The operator looks right before it writes, and uses what it has written at once.
                Thread.sleep(4 * OperatorFixture.LOOK.toMillis());
                return;
            }
            Thread.sleep(OperatorFixture.LOOK);
        }
        throw new AssertionError("The CA is not rotated.");
    }

    private static int trusted(Pod pod) {
        return pod.getSpec().getContainers().getFirst().getEnv().stream()
                .filter(variable -> variable.getName().equals("PIPELINEJOB_TRUST_BUNDLE"))
                .mapToInt(variable -> variable.getValue().split("BEGIN CERTIFICATE", -1).length - 1)
                .sum();
    }
}
