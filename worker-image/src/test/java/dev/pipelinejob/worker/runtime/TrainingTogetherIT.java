package dev.pipelinejob.worker.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipelinejob.protocol.control.AttemptFailed;
import dev.pipelinejob.protocol.control.WorkerMessage.BodyCase;
import dev.pipelinejob.protocol.identity.MutualTls;
import dev.pipelinejob.protocol.identity.SpiffeId;
import dev.pipelinejob.protocol.identity.TestAuthority;
import dev.pipelinejob.protocol.plan.JobSpec;
import dev.pipelinejob.worker.engine.TinyEngine;
import dev.pipelinejob.worker.transport.grpc.GrpcTransport;
import dev.pipelinejob.worker.transport.local.LocalNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Several runtimes train one job, over real connections: with the same losses as one runtime alone.
@Timeout(400)
class TrainingTogetherIT {
    private static final int STEPS = 10;

    @TempDir
    private Path directory = Path.of(".");

    private final TestAuthority authority = new TestAuthority("ours");

    @Test
    void threeWorkersOverGrpcComputeTheLossesOfOne() throws Exception {
        HandWrittenPlan pipeline = new HandWrittenPlan(List.of(2, 4, 6), List.of(0, 1, 2), 4, true, false);
        SortedMap<Integer, Double> expected = alone(pipeline);
        try (Workplace place = overGrpc("three", 3)) {
            JobSpec job = place.job(pipeline, STEPS);

            SortedMap<Integer, Double> losses = place.run(job, pipeline, 1, 0);

            assertThat(losses).isEqualTo(expected).hasSize(STEPS);
            assertThat(losses.get(STEPS)).as("it learns").isLessThan(losses.get(1));
            assertThat(place.progress(2).getFirst().getEdgeBytesList())
                    .as("activations, one tied gradient and the clip decision")
                    .satisfiesExactly(
                            fromRoot -> assertThat(fromRoot.getBytes()).isEqualTo(256 * 8 * 4 + 16),
                            fromNeighbour ->
                                    assertThat(fromNeighbour.getBytes()).isEqualTo(4 * 2 * 8 * 4));
        }
    }

    @Test
    void aWorkerThatDiesIsReportedByTheOthersWhichGoOnInTheNextAttempt() throws Exception {
        HandWrittenPlan pipeline = new HandWrittenPlan(List.of(2, 6), List.of(0, 1), 4, false, true);
        SortedMap<Integer, Double> expected = alone(pipeline);
        try (Workplace place = overGrpc("dies", 2)) {
            JobSpec job = place.job(pipeline, STEPS);
            place.begin(job, pipeline, 1, 0);
            place.await(0, BodyCase.COMMITTED, 1);
            place.worker(1).transport().close();
            AttemptFailed failed = place.await(0, BodyCase.ATTEMPT_FAILED, 1).getAttemptFailed();
            assertThat(failed.getReason()).isEqualTo(AttemptFailed.Reason.PEER_LOST);
            assertThat(place.worker(0).all(BodyCase.ATTEMPT_FAILED)).hasSize(1);

            place.replace(1, transport("fresh"), identity("fresh"), TinyEngine::new);
            SortedMap<Integer, Double> losses = place.run(job, pipeline, 2, 4);

            assertThat(losses).isEqualTo(expected.tailMap(5));
        }
    }

    @Test
    void aPauseEndsAllWorkersAfterTheSameStepAndChangesNoLoss() throws Exception {
        HandWrittenPlan pipeline = new HandWrittenPlan(List.of(2, 4, 6), List.of(0, 1, 2), 4, true, false);
        SortedMap<Integer, Double> expected = alone(pipeline);
        try (Workplace place = overGrpc("pause", 3)) {
            JobSpec job = place.job(pipeline, STEPS);
            place.prepareAll(job, pipeline, 1, 0);
            for (int rank = 0; rank < 3; rank++) {
                place.pause(rank, 1);
            }
            place.startAll(pipeline, 1);
            for (int rank = 0; rank < 3; rank++) {
                assertThat(place.await(rank, BodyCase.PAUSED, 1).getPaused().getStep())
                        .as("no turn of a regular checkpoint")
                        .isEqualTo(1);
            }
            assertThat(place.worker(0).all(BodyCase.COMMITTED))
                    .extracting(report -> report.getCommitted().getStep())
                    .containsExactly(1);

            SortedMap<Integer, Double> rest = place.run(job, pipeline, 2, 1);

            assertThat(place.losses(1)).isEqualTo(expected.headMap(2));
            assertThat(rest).isEqualTo(expected.tailMap(2));
        }
    }

    @Test
    void onlyTheRootChoosesTheStepOfAPause() throws Exception {
        HandWrittenPlan pipeline = new HandWrittenPlan(List.of(2, 6), List.of(0, 1), 4, false, true);
        try (Workplace place = overGrpc("other", 2)) {
            JobSpec job = place.job(pipeline, STEPS);
            place.prepareAll(job, pipeline, 1, 0);
            place.pause(1, 1);
            place.startAll(pipeline, 1);

            place.await(0, BodyCase.FINISHED, 1);
            assertThat(place.worker(1).all(BodyCase.PAUSED)).isEmpty();
        }
    }

    /// The losses of one worker that holds all layers and talks to nobody.
    private SortedMap<Integer, Double> alone(HandWrittenPlan pipeline) throws Exception {
        HandWrittenPlan one = new HandWrittenPlan(
                List.of(pipeline.ends().getLast()), List.of(0), pipeline.microBatches(), pipeline.tied(), false);
        Path place = Files.createDirectories(directory.resolve("alone"));
        try (Workplace workplace = new Workplace(place)) {
            workplace.add(new LocalNetwork().transport("alone"), "nobody", TinyEngine::new);
            return workplace.run(workplace.job(one, STEPS), one, 1, 0);
        }
    }

    private Workplace overGrpc(String name, int count) throws IOException {
        Workplace place = new Workplace(Files.createDirectories(directory.resolve(name)));
        for (int i = 0; i < count; i++) {
            place.add(transport("p" + i), identity("p" + i), TinyEngine::new);
        }
        return place;
    }

    private GrpcTransport transport(String pod) throws IOException {
        return GrpcTransport.listen(new MutualTls(authority.issue(worker(pod))), "127.0.0.1");
    }

    private static SpiffeId worker(String pod) {
        return new SpiffeId.Worker("team-a", "job-1", pod);
    }

    private static String identity(String pod) {
        return worker(pod).uri();
    }
}
