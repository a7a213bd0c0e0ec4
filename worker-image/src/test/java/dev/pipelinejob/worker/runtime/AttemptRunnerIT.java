package dev.pipelinejob.worker.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipelinejob.protocol.control.AttemptFailed;
import dev.pipelinejob.protocol.control.Prepare;
import dev.pipelinejob.protocol.control.Progress;
import dev.pipelinejob.protocol.control.Refused;
import dev.pipelinejob.protocol.control.Start;
import dev.pipelinejob.protocol.control.WorkerMessage;
import dev.pipelinejob.protocol.control.WorkerMessage.BodyCase;
import dev.pipelinejob.protocol.plan.JobSpec;
import dev.pipelinejob.worker.engine.TinyEngine;
import dev.pipelinejob.worker.transport.local.LocalNetwork;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Attempts of runtimes in this JVM: fences, aborts, checkpoints and bits.
@Timeout(400)
class AttemptRunnerIT {
    private static final int STEPS = 10;
    private static final HandWrittenPlan PAIR = new HandWrittenPlan(List.of(3, 6), List.of(0, 1), 4, false, false);

    @TempDir
    private Path directory = Path.of(".");

    static Stream<HandWrittenPlan> cuts() {
        return Stream.of(
                new HandWrittenPlan(List.of(6), List.of(0), 4, true, false),
                new HandWrittenPlan(List.of(1, 6), List.of(0, 1), 4, true, false),
                new HandWrittenPlan(List.of(2, 3, 5), List.of(0, 1, 2), 4, false, true),
                new HandWrittenPlan(List.of(2, 3, 6), List.of(0, 1, 2), 1, true, true),
                new HandWrittenPlan(List.of(2, 4, 6), List.of(1, 0, 1), 8, true, false),
                new HandWrittenPlan(List.of(1, 2, 4, 5, 6), List.of(0, 1, 0, 2, 1), 4, true, false));
    }

    @ParameterizedTest
    @MethodSource("cuts")
    void everyCutGivesTheLossesOfOneStage(HandWrittenPlan plan) throws Exception {
        SortedMap<Integer, Double> expected = alone(plan);
        try (Workplace place = locally("cut", plan.workers())) {
            assertThat(place.run(place.job(plan, STEPS), plan, 1, 0))
                    .isEqualTo(expected)
                    .hasSize(STEPS);
        }
    }

    @Test
    void resumesWithAnotherNumberOfStagesOnTheSameCurve() throws Exception {
        HandWrittenPlan two = new HandWrittenPlan(List.of(3, 6), List.of(0, 1), 4, true, false);
        HandWrittenPlan three = new HandWrittenPlan(List.of(1, 4, 6), List.of(0, 1, 2), 4, true, true);
        SortedMap<Integer, Double> expected = alone(two);
        try (Workplace place = locally("resume", 3)) {
            JobSpec job = place.job(two, STEPS);
            place.run(job, two, 1, 0);

            assertThat(place.run(job, three, 2, 8)).isEqualTo(expected.tailMap(9));
            assertThat(place.worker(0).all(BodyCase.COMMITTED).stream()
                            .map(WorkerMessage::getCommitted)
                            .filter(committed -> committed.getFinal()))
                    .isNotEmpty();
            assertThat(directory.resolve("resume/checkpoints/model.safetensors"))
                    .exists();
        }
    }

    @Test
    void reportsWhatTheNextPlanNeeds() throws Exception {
        try (Workplace place = locally("reports", 2)) {
            place.run(place.job(PAIR, STEPS), PAIR, 1, 0);

            List<Progress> progress = place.progress(1);
            assertThat(progress).extracting(Progress::getStep).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
            assertThat(progress.get(5).getStageCostsList()).singleElement().satisfies(cost -> {
                assertThat(cost.getStage()).isEqualTo(1);
                assertThat(cost.getForwardMicros()).isPositive();
                assertThat(cost.getBackwardMicros()).isPositive();
            });
            assertThat(progress.get(6).getStageCostsList()).isEmpty();
            assertThat(place.worker(1).all(BodyCase.TRACE))
                    .extracting(report -> report.getTrace().getStep())
                    .containsExactly(4, 5, 6);
            assertThat(progress).allSatisfy(step -> {
                assertThat(step.getGradientNorm()).isPositive();
                assertThat(step.getSkippedNonFinite()).isFalse();
            });
        }
    }

    @Test
    void refusesOlderAttemptsAndTheSameOneWithAnotherDigest() throws Exception {
        HandWrittenPlan one = new HandWrittenPlan(List.of(4), List.of(0), 2, false, false);
        try (Workplace place = locally("fence", 1)) {
            Prepare fifth = place.prepare(place.job(one, STEPS), one, 5, 0, 0);
            AttemptRunner runner = place.worker(0).runner();
            runner.prepare(fifth);
            place.await(0, BodyCase.READY, 5);

            runner.prepare(fifth.toBuilder().setAttempt(4).build());
            runner.prepare(fifth.toBuilder().setDigest("other").build());
            runner.prepare(fifth);

            assertThat(place.worker(0).all(BodyCase.REFUSED))
                    .extracting(report -> report.getRefused().getReason())
                    .containsExactly(Refused.Reason.STALE_ATTEMPT, Refused.Reason.OTHER_DIGEST);
            assertThat(place.worker(0).all(BodyCase.READY))
                    .as("asked again, answered again")
                    .hasSize(2);
            runner.start(Start.newBuilder().setAttempt(4).build());
            runner.start(Start.newBuilder().setAttempt(5).build());
            place.await(0, BodyCase.FINISHED, 5);
        }
    }

    @Test
    void refusesWhatItCannotRunWithASentence() throws Exception {
        HandWrittenPlan one = new HandWrittenPlan(List.of(4), List.of(0), 2, false, false);
        try (Workplace place = locally("invalid", 1)) {
            JobSpec job = place.job(one, STEPS);
            Prepare good = place.prepare(job, one, 1, 0, 0);
            List<Prepare> bad = List.of(
                    good.toBuilder().clearOperations().build(),
                    good.toBuilder()
                            .setJob(job.toBuilder()
                                    .setData(job.getData().toBuilder().setTextPath("/nowhere/at/all")))
                            .build(),
                    good.toBuilder()
                            .setJob(job.toBuilder()
                                    .setData(job.getData().toBuilder().setDigest("0123")))
                            .build());
            for (int i = 0; i < bad.size(); i++) {
                place.worker(0)
                        .runner()
                        .prepare(bad.get(i).toBuilder().setAttempt(i + 1).build());
                assertThat(place.await(0, BodyCase.REFUSED, i + 1).getRefused().getDetail())
                        .endsWith(".");
            }
            assertThat(place.worker(0)
                            .all(BodyCase.REFUSED)
                            .getLast()
                            .getRefused()
                            .getReason())
                    .isEqualTo(Refused.Reason.DATA_CHANGED);
            place.worker(0)
                    .runner()
                    .prepare(good.toBuilder().setAttempt(9).setResumeStep(3).build());
            assertThat(place.await(0, BodyCase.CORRUPT, 9).getCorrupt().getStep())
                    .isEqualTo(3);
        }
    }

    @Test
    void anAbortEndsEveryBlockedOperationAtOnceAndTheNextAttemptRuns() throws Exception {
        SortedMap<Integer, Double> expected = alone(PAIR);
        try (Workplace place = locally("abort", 2)) {
            JobSpec job = place.job(PAIR, STEPS);
            // Blocked in connect: rank 1 never prepares attempt 1.
            place.worker(0).runner().prepare(place.prepare(job, PAIR, 1, 0, 0));
            // Blocked in receive: rank 1 is ready for attempt 2, but never started.
            for (int rank = 0; rank < 2; rank++) {
                place.worker(rank).runner().prepare(place.prepare(job, PAIR, 2, rank, 0));
            }
            place.await(0, BodyCase.READY, 2);
            place.await(1, BodyCase.READY, 2);
            place.worker(0).runner().start(Start.newBuilder().setAttempt(2).build());
            place.abort(0, 2);

            assertThat(place.run(job, PAIR, 3, 0)).isEqualTo(expected);
            assertThat(place.worker(0).all(BodyCase.ATTEMPT_FAILED))
                    .as("an abort is no failure")
                    .isEmpty();
        }
    }

    @Test
    void aPeerThatAbortsFailsTheOthersOnceAndTheyStayFit() throws Exception {
        HandWrittenPlan three = new HandWrittenPlan(List.of(2, 4, 6), List.of(0, 1, 2), 4, false, true);
        SortedMap<Integer, Double> expected = alone(three);
        try (Workplace place = locally("peer", 3)) {
            JobSpec job = place.job(three, STEPS);
            for (int rank = 0; rank < 3; rank++) {
                place.worker(rank).runner().prepare(place.prepare(job, three, 1, rank, 0));
            }
            for (int rank = 0; rank < 3; rank++) {
                place.await(rank, BodyCase.READY, 1);
            }
            place.worker(0).runner().start(Start.newBuilder().setAttempt(1).build());
            place.worker(2).runner().start(Start.newBuilder().setAttempt(1).build());
            place.abort(1, 1);
            for (int rank : List.of(0, 2)) {
                assertThat(place.await(rank, BodyCase.ATTEMPT_FAILED, 1)
                                .getAttemptFailed()
                                .getReason())
                        .isEqualTo(AttemptFailed.Reason.PEER_LOST);
            }

            assertThat(place.run(job, three, 2, 0)).isEqualTo(expected);
            assertThat(place.worker(0).all(BodyCase.ATTEMPT_FAILED)).hasSize(1);
        }
    }

    @Test
    void commitsNothingWithoutALeaseButTheLastStepWaitsForIt() throws Exception {
        HandWrittenPlan one = new HandWrittenPlan(List.of(4), List.of(0), 2, false, false);
        try (Workplace place = locally("lease", 1)) {
            place.worker(0).lease().renew(Duration.ZERO);
            place.begin(place.job(one, STEPS), one, 1, 0);
            while (place.progress(0).size() < STEPS) {
                Thread.sleep(2);
            }
            assertThat(place.worker(0).all(BodyCase.COMMITTED)).isEmpty();

            place.worker(0).lease().renew(Duration.ofMinutes(1));

            place.await(0, BodyCase.FINISHED, 1);
            assertThat(place.worker(0).all(BodyCase.COMMITTED)).singleElement().satisfies(report -> {
                assertThat(report.getCommitted().getStep()).isEqualTo(STEPS);
                assertThat(report.getCommitted().getFinal()).isTrue();
            });
        }
    }

    /// The losses of one worker that holds all layers in one stage.
    private SortedMap<Integer, Double> alone(HandWrittenPlan pipeline) throws Exception {
        HandWrittenPlan one = new HandWrittenPlan(
                List.of(pipeline.ends().getLast()), List.of(0), pipeline.microBatches(), pipeline.tied(), false);
        try (Workplace place = locally("alone", 1)) {
            return place.run(place.job(one, STEPS), one, 1, 0);
        }
    }

    private Workplace locally(String name, int count) throws Exception {
        Workplace place = new Workplace(Files.createDirectories(directory.resolve(name)));
        LocalNetwork network = new LocalNetwork();
        for (int i = 0; i < count; i++) {
            place.add(network.transport("worker-" + i), "worker-" + i, TinyEngine::new);
        }
        return place;
    }
}
