package dev.pipelinejob.operator.planning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipelinejob.protocol.plan.Operation;
import dev.pipelinejob.protocol.plan.OperationKind;
import dev.pipelinejob.protocol.plan.OperationLists;
import dev.pipelinejob.protocol.plan.PlanSpec;
import dev.pipelinejob.protocol.plan.Stage;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The digest is part of what is kept: it must not change by itself.
class PlanDigestTest {
    private static final PlanSpec PLAN = PlanSpec.newBuilder()
            .setSchedule("GPipe")
            .setWorldSize(1)
            .setGeneratorVersion(1)
            .addStages(Stage.newBuilder().setEndLayer(3))
            .build();
    private static final Operation FORWARD =
            Operation.newBuilder().setKind(OperationKind.FORWARD).setPeer(-1).build();

    @Test
    void everyFieldOfAnOperationCounts() {
        String plain = digest(FORWARD);

        assertThat(List.of(
                        digest(FORWARD.toBuilder()
                                .setKind(OperationKind.BACKWARD)
                                .build()),
                        digest(FORWARD.toBuilder().setStage(1).build()),
                        digest(FORWARD.toBuilder().setMicroBatch(1).build()),
                        digest(FORWARD.toBuilder().setPeer(0).build()),
                        digest(FORWARD.toBuilder().setRematerialize(true).build()),
                        digest(FORWARD.toBuilder().setBytes(1).build())))
                .doesNotContain(plain)
                .doesNotHaveDuplicates();
    }

    @Test
    void listsOfStepAndCheckpointAreToldApart() {
        OperationLists step = OperationLists.newBuilder().addStep(FORWARD).build();
        OperationLists checkpoint =
                OperationLists.newBuilder().addCheckpoint(FORWARD).build();

        assertThat(PlanDigest.of(PLAN, List.of(step))).isNotEqualTo(PlanDigest.of(PLAN, List.of(checkpoint)));
    }

    private static String digest(Operation operation) {
        return PlanDigest.of(
                PLAN, List.of(OperationLists.newBuilder().addStep(operation).build()));
    }
}
