package dev.pipelinejob.operator.planning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipelinejob.api.v1alpha1.PipelineJob;
import dev.pipelinejob.api.v1alpha1.PipelineJobSpec;
import dev.pipelinejob.operator.admission.Admission;
import dev.pipelinejob.operator.admission.Verdict;
import dev.pipelinejob.operator.lifecycle.Decision;
import dev.pipelinejob.operator.lifecycle.Seat;
import dev.pipelinejob.placement.plan.Stage;
import dev.pipelinejob.placement.topology.Topology;
import dev.pipelinejob.protocol.plan.JobSpec;
import dev.pipelinejob.protocol.plan.OperationKind;
import dev.pipelinejob.protocol.plan.PlanSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// From a job's YAML to what workers are told.
class JobPlannerTest {
    private static final long MEMORY_BYTES = 8L << 30;
    private static final String JOB = """
            apiVersion: pipelinejob.dev/v1alpha1
            kind: PipelineJob
            metadata: {name: small}
            spec:
              model:
                catalogue: {gpt: {layers: 4, width: 64, heads: 4, contextLength: 32, dropout: "0.1"}}
              data: {text: {path: corpus}}
              training:
                steps: 10
                batchSize: 8
                microBatches: 4
                optimizer: {adamW: {learningRate: "3e-4"}}
                gradientClipNorm: "1.0"
              pipeline: {stages: {max: 3}}
            """;

    @TempDir
    private static Path folder = Path.of("");

    private static PipelineJobSpec spec;

    private final JobPlanner planner = new JobPlanner(System::nanoTime);

    @BeforeAll
    static void readJob() throws IOException {
        spec = read(JOB);
    }

    private static PipelineJobSpec read(String yaml) throws IOException {
        Path file = Files.writeString(folder.resolve("job.yaml"), yaml);
        return switch (Admission.ofJobs().admit(file)) {
            case Verdict.Admitted<PipelineJob>(PipelineJob job) -> job.getSpec();
            case Verdict.Refused<PipelineJob>(List<String> sentences) -> throw new AssertionError(sentences);
        };
    }

    private static Topology slots() {
        return new LocalMachine(3, MEMORY_BYTES).topology(spec, null);
    }

    private PlanningOutcome.Planned planned() {
        return (PlanningOutcome.Planned) planner.plan(spec, slots());
    }

    @Test
    void aPlanHasOneListAWorkerAndADigest() {
        PlanningOutcome.Planned planned = planned();

        PlanSpec plan = planned.executable().plan();
        assertThat(plan.getStages(plan.getStagesCount() - 1).getEndLayer()).isEqualTo(6);
        assertThat(planned.executable().operations()).hasSize(plan.getWorldSize());
        assertThat(planned.executable().operations().getFirst().getStepList())
                .anyMatch(operation -> operation.getKind() == OperationKind.FORWARD);
        assertThat(planned.executable().digest()).matches("[0-9a-f]{64}");
        assertThat(planned.reference().slots()).hasSize(plan.getWorldSize());
        assertThat(planned.figures().profiled()).isFalse();
    }

    @Test
    void anAttemptIsMadeAgainFromItsRecordWithTheSameDigest() {
        PlanningOutcome.Planned planned = planned();
        AttemptRecord record = record(planned);

        PlanningOutcome again = Regeneration.of(record, spec, slots());

        assertThat(again).isInstanceOfSatisfying(PlanningOutcome.Planned.class, same -> {
            assertThat(same.executable()).isEqualTo(planned.executable());
            assertThat(same.reference()).isEqualTo(planned.reference());
        });
    }

    @Test
    void aRecordWhoseListsComeOutDifferentlyIsNotFollowed() throws IOException {
        AttemptRecord record = record(planned());
        PipelineJobSpec wider = read(JOB.replace("width: 64", "width: 128"));

        assertThat(Regeneration.of(record, wider, slots()))
                .isInstanceOfSatisfying(
                        PlanningOutcome.Infeasible.class, infeasible -> assertThat(infeasible.sentence())
                                .startsWith("Attempt 1 has plan " + record.digest())
                                .endsWith("it needs a new attempt."));
    }

    @Test
    void measuredCostsRenewThePredictionAndKeepThePlanUnlessAnotherIsMuchBetter() {
        PlanningOutcome.Planned planned = planned();
        List<StageMeasurement> measured = new ArrayList<>();
        planned.plan().stages().forEach(stage -> measured.add(new StageMeasurement(stage.index(), 1000, 2000)));

        PlanningOutcome outcome = planner.replan(spec, planned, measured, planned.topology(), 3);

        assertThat(outcome).isInstanceOfSatisfying(PlanningOutcome.Planned.class, profiled -> {
            assertThat(profiled.figures().profiled()).isTrue();
            assertThat(profiled.figures().predictedStepMicros()).isPositive();
        });
    }

    @Test
    void aPlanThatTheJobNoLongerWantsIsNotKept() throws IOException {
        PipelineJobSpec three = read(JOB.replace("{max: 3}", "{manual: [{layers: 2}, {layers: 2}, {layers: 2}]}"));
        PipelineJobSpec two = read(JOB.replace("{max: 3}", "{manual: [{layers: 1}, {layers: 5}]}"));
        PlanningOutcome.Planned before = (PlanningOutcome.Planned) planner.plan(three, slots());

        assertThat(planner.replan(two, before, List.of(), slots(), 3))
                .isInstanceOfSatisfying(PlanningOutcome.Planned.class, after -> assertThat(
                                after.plan().stages())
                        .extracting(Stage::endLayer)
                        .containsExactly(1, 6));
    }

    @Test
    void aStageThatWasNotMeasuredIsNamed() {
        PlanningOutcome.Planned planned = planned();

        assertThatThrownBy(() ->
                        planner.replan(spec, planned, List.of(new StageMeasurement(7, 1, 1)), planned.topology(), 3))
                .hasMessage("Stage 0 was not measured: wait until every stage has been.");
    }

    @Test
    void aPlanLeavesRoomForSparesUnlessTheJobFitsNowhereBesideThem() throws IOException {
        PipelineJobSpec three = read(JOB.replace("{max: 3}", "{manual: [{layers: 2}, {layers: 2}, {layers: 2}]}"));

        assertThat(planner.plan(spec, slots(), 2))
                .isInstanceOfSatisfying(
                        PlanningOutcome.Planned.class,
                        planned -> assertThat(planned.plan().slots()).hasSizeLessThanOrEqualTo(2));
        assertThat(planner.plan(three, slots(), 2))
                .isInstanceOfSatisfying(
                        PlanningOutcome.Planned.class,
                        planned -> assertThat(planned.plan().slots()).hasSize(3));
    }

    @Test
    void aModelThatFitsNowhereIsRefusedWithAReason() {
        Topology tiny = new LocalMachine(3, 3000).topology(spec, null);

        assertThat(planner.plan(spec, tiny))
                .isInstanceOfSatisfying(
                        PlanningOutcome.Infeasible.class,
                        infeasible -> assertThat(infeasible.sentence()).isNotBlank());
    }

    @Test
    void workersAreToldEverythingThatTheResultDependsOn() {
        JobSpec job = JobTranslation.jobSpec(
                new JobTranslation.JobName("default", "small", "uid-1"),
                spec,
                new JobTranslation.WorkerPaths("/data/corpus", "/store"),
                "abc");

        assertThat(job.getModel().getGpt().getDropout()).isEqualTo(0.1);
        assertThat(job.getModel().getGpt().getVocabularySize()).isEqualTo(256);
        assertThat(job.getTraining().getOptimizer().getAdamW().getLearningRate())
                .isEqualTo(3e-4);
        assertThat(job.getTraining().getGradientClipNorm()).isEqualTo(1.0);
        assertThat(job.getTraining().getLearningRateSchedule().hasConstant()).isTrue();
        assertThat(job.getData().getDigest()).isEqualTo("abc");
        assertThat(job.getCheckpoint().getEverySteps()).isEqualTo(50);
    }

    @Test
    void aTimelineJoinsPredictionAndMeasurementAndSurvivesItsFile() {
        PlanningOutcome.Planned planned = planned();
        Timeline timeline = Timeline.of(
                "small",
                planned,
                1,
                7,
                List.of(new Timeline.RankTrace(0, 1_000_000, List.of(10L, 30L), List.of(20L, 50L))));

        Timeline read = TimelineJson.read(TimelineJson.write(timeline));

        assertThat(read).isEqualTo(timeline);
        assertThat(read.measured()).hasSize(2);
        assertThat(read.measuredStepMicros()).isEqualTo(40);
        assertThat(read.predicted()).isNotEmpty();
    }

    private static AttemptRecord record(PlanningOutcome.Planned planned) {
        List<Seat> seats = new ArrayList<>();
        for (int rank = 0; rank < planned.reference().slots().size(); rank++) {
            seats.add(new Seat(rank, planned.reference().slots().get(rank), 1, 100 + rank, "host:" + rank));
        }
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        return AttemptRecord.of(new Decision.ClaimAttempt(1, 0, planned.reference(), seats, ""), planned, now);
    }
}
