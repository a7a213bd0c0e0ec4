package dev.pipelinejob.e2e.processes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipelinejob.api.v1alpha1.PipelineJob;
import dev.pipelinejob.api.v1alpha1.PipelineJobStatus;
import dev.pipelinejob.api.v1alpha1.PipelineJobStatus.JobState;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// Workers that are asked to leave, on an API server: all write a checkpoint first, nothing counts as a failure, and
/// the curve and the weights are those of the run on one machine that nobody disturbed.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(Undisturbed.Once.class)
class PodsThatLeaveIT {
    private static final int MIDWAY = 14;
    private static final int HEADER_LINES = 1;
    private static final Duration LOOK_EVERY = Duration.ofMillis(5);
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private final SmallJob job;
    private final Result undisturbed;
    private ProcessCluster cluster;

    PodsThatLeaveIT(Undisturbed reference) {
        job = reference.job();
        undisturbed = reference.result();
    }

    @BeforeAll
    void start(@TempDir Path shared) throws Exception {
        cluster = ProcessCluster.start(shared, Objects.requireNonNull(job.yaml().getParent()));
    }

    @AfterAll
    void stop() {
        cluster.close();
    }

    @Test
    void anEvictedPodIsPrecededByACheckpointOfAllAndCostsNoBudget() throws Exception {
        // given
        PipelineJob evicted = create("evicted");
        awaitMidway(evicted);

        // when
        Pod victim = cluster.pods().getFirst();
        boolean accepted = cluster.client()
                .pods()
                .inNamespace("default")
                .withName(victim.getMetadata().getName())
                .evict();
        PipelineJobStatus status = cluster.awaitState(evicted, JobState.COMPLETE);

        // then
        assertThat(accepted).isTrue();
        assertThat(Result.of(cluster.store(evicted))).isEqualTo(undisturbed);
        assertThat(status.restartHistory()).singleElement().satisfies(restart -> {
            assertThat(restart.reason()).isEqualTo("WorkerEvicted");
            assertThat(restart.lostSteps()).isLessThanOrEqualTo(1);
        });
    }

    @Test
    void aSuspendedJobLetsItsPodsGoAfterACheckpointAndGoesOnWithAnotherCut() throws Exception {
        // given
        PipelineJob held = create("held");
        awaitMidway(held);

        // when
        patch(held, "{\"spec\": {\"suspend\": true}}");
        PipelineJobStatus rest = cluster.awaitState(held, JobState.SUSPENDED);
        awaitNoPods();
        int done = losses(held, 1);
        patch(held, """
                {"spec": {"suspend": false,
                          "pipeline": {"stages": {"manual": [{"layers": 3}, {"layers": 3}]}}}}
                """);
        PipelineJobStatus status = cluster.awaitState(held, JobState.COMPLETE);

        // then
        assertThat(rest.state()).isEqualTo(JobState.SUSPENDED);
        assertThat(Result.of(cluster.store(held))).isEqualTo(undisturbed);
        assertThat(status.placement())
                .isNotNull()
                .extracting(PipelineJobStatus.PlacementStatus::stages)
                .isEqualTo(2);
        assertThat(status.restartHistory()).singleElement().satisfies(restart -> {
            assertThat(restart.reason()).isEqualTo("Suspended");
            assertThat(restart.lostSteps()).isZero();
            assertThat(restart.resumedStep()).isEqualTo(done);
        });
    }

    /// The job of the undisturbed run, with volumes, and with no failure that would be forgiven.
    private PipelineJob create(String name) throws IOException {
        String yaml = Files.readString(job.yaml())
                .replace("name: small", "name: " + name)
                .replaceFirst("path: .*", "path: corpus.txt\n      source: {persistentVolumeClaim: {claimName: data}}")
                .replace("maxRestarts: 200", "maxRestarts: 0");
        return cluster.create(yaml + "    store: {persistentVolumeClaim: {claimName: checkpoints}}\n");
    }

    private void patch(PipelineJob changed, String merge) {
        cluster.client().resource(changed).patch(PatchContext.of(PatchType.JSON_MERGE), merge);
    }

    /// Losses that an attempt has recorded.
    private int losses(PipelineJob of, int attempt) throws IOException {
        Path segment = cluster.store(of).resolve("loss/attempt-" + attempt + ".csv");
        return Files.exists(segment) ? Files.readAllLines(segment).size() - HEADER_LINES : 0;
    }

    private void awaitMidway(PipelineJob of) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (losses(of, 1) < MIDWAY) {
            assertThat(System.nanoTime()).as("step " + MIDWAY + " in time").isLessThan(deadline);
            Thread.sleep(LOOK_EVERY);
        }
    }

    private void awaitNoPods() throws InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!cluster.pods().isEmpty()) {
            assertThat(System.nanoTime()).as("all pods gone in time").isLessThan(deadline);
            Thread.sleep(LOOK_EVERY);
        }
    }
}
