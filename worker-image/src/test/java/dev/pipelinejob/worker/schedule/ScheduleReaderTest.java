package dev.pipelinejob.worker.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipelinejob.protocol.plan.Operation;
import dev.pipelinejob.protocol.plan.OperationKind;
import dev.pipelinejob.protocol.plan.OperationLists;
import dev.pipelinejob.protocol.plan.PlanSpec;
import dev.pipelinejob.protocol.plan.Stage;
import dev.pipelinejob.worker.schedule.ScheduleOutcome.Invalid;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScheduleReaderTest {
    private static final PlanSpec PLAN = PlanSpec.newBuilder()
            .setWorldSize(2)
            .addStages(Stage.newBuilder()
                    .setIndex(0)
                    .setFirstLayer(0)
                    .setEndLayer(2)
                    .setRank(0))
            .addStages(Stage.newBuilder()
                    .setIndex(1)
                    .setFirstLayer(2)
                    .setEndLayer(4)
                    .setRank(1))
            .build();
    private static final Operation FORWARD = operation(OperationKind.FORWARD, 0, 0, -1);
    private static final Operation SEND = operation(OperationKind.SEND_ACTIVATION, 0, 0, 1);
    private static final Operation RECEIVE = operation(OperationKind.RECEIVE_GRADIENT, 0, 0, 1);
    private static final Operation BACKWARD = operation(OperationKind.BACKWARD, 0, 0, -1);
    private static final Operation STEP = operation(OperationKind.OPTIMIZER_STEP, -1, -1, -1);
    private static final Operation PART = operation(OperationKind.CHECKPOINT_PART, 0, -1, -1);

    private static Operation operation(OperationKind kind, int stage, int microBatch, int peer) {
        return Operation.newBuilder()
                .setKind(kind)
                .setStage(stage)
                .setMicroBatch(microBatch)
                .setPeer(peer)
                .build();
    }

    private static ScheduleOutcome read(List<Operation> step, List<Operation> checkpoint) {
        return ScheduleReader.read(
                PLAN,
                OperationLists.newBuilder()
                        .addAllStep(step)
                        .addAllCheckpoint(checkpoint)
                        .build(),
                0,
                1);
    }

    private static void refuses(String part, Operation wrong) {
        assertThat(read(List.of(FORWARD, SEND, RECEIVE, BACKWARD, wrong), List.of(PART)))
                .isInstanceOfSatisfying(
                        Invalid.class, invalid -> assertThat(invalid.sentence()).contains(part));
    }

    @Test
    void readsWhatTheWorkerCanExecute() {
        assertThat(read(List.of(FORWARD, SEND, RECEIVE, BACKWARD, STEP), List.of(PART)))
                .isInstanceOfSatisfying(WorkerSchedule.class, schedule -> {
                    assertThat(schedule.step()).hasSize(5);
                    assertThat(schedule.checkpoint()).hasSize(1);
                    assertThat(schedule.layout().own()).hasSize(1);
                });
    }

    @Test
    void refusesEntriesThatMeanNothingHere() {
        refuses("kind 0", operation(OperationKind.OPERATION_KIND_UNSPECIFIED, 0, 0, -1));
        refuses("kind 77", STEP.toBuilder().setKindValue(77).build());
        refuses("stage is not", operation(OperationKind.FORWARD, 1, 0, -1));
        refuses("stage is not", operation(OperationKind.FORWARD, -1, 0, -1));
        refuses("stage is not", operation(OperationKind.OPTIMIZER_STEP, 5, -1, -1));
        refuses("micro-batches 0 to 0", operation(OperationKind.FORWARD, 0, 1, -1));
        refuses("micro-batches 0 to 0", operation(OperationKind.CLIP, -1, 0, -1));
        refuses("another worker", operation(OperationKind.SEND_ACTIVATION, 0, 0, 0));
        refuses("another worker", operation(OperationKind.SEND_ACTIVATION, 0, 0, 2));
        refuses("another worker", operation(OperationKind.FORWARD, 0, 0, 1));
        refuses("other list", PART);
        refuses("twice", FORWARD);
    }

    @Test
    void refusesAListThatDoesNotFinishTheStep() {
        assertThat(read(List.of(FORWARD), List.of())).isInstanceOf(Invalid.class);
        assertThat(read(List.of(BACKWARD, FORWARD), List.of())).isInstanceOf(Invalid.class);
        assertThat(read(List.of(), List.of())).isInstanceOf(Invalid.class);
    }

    @Test
    void refusesPlansOutOfBounds() {
        OperationLists lists = OperationLists.getDefaultInstance();
        assertThat(ScheduleReader.read(PLAN.toBuilder().setWorldSize(1025).build(), lists, 0, 1))
                .isInstanceOf(Invalid.class);
        assertThat(ScheduleReader.read(PLAN, lists, 0, 4097)).isInstanceOf(Invalid.class);
        assertThat(ScheduleReader.read(PLAN, lists, 2, 1)).isInstanceOf(Invalid.class);
        PlanSpec.Builder gap = PLAN.toBuilder();
        gap.getStagesBuilder(1).setFirstLayer(3);
        assertThat(ScheduleReader.read(gap.build(), lists, 0, 1))
                .isInstanceOfSatisfying(Invalid.class, invalid -> assertThat(invalid.sentence())
                        .contains("Stage 1")
                        .contains("layers 3 to 4"));
    }
}
