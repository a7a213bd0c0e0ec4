package dev.pipelinejob.placement.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipelinejob.placement.plan.Plan;
import dev.pipelinejob.placement.plan.ScheduleKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Each test plants one offence in sound lists and expects the validator to name it.
class ScheduleValidatorTest {
    private static final Plan PLAN = ScheduleGeneratorTest.onePerRank(ScheduleKind.ONE_FORWARD_ONE_BACKWARD, 3, 4);
    private static final Schedule SOUND = ScheduleGenerator.generate(ScheduleGeneratorTest.graph(3), PLAN);

    @Test
    void aReceiveWithoutItsSendWaitsForEver() {
        assertThat(offences(0, step -> step.removeIf(isA(OperationKind.SEND_ACTIVATION, 2))))
                .anyMatch(sentence -> sentence.contains("waits for rank 0 for ever"));
    }

    @Test
    void aSendWithoutItsReceiveIsNamed() {
        assertThat(offences(1, step -> step.removeIf(isA(OperationKind.RECEIVE_ACTIVATION, 3))))
                .anyMatch(sentence -> sentence.contains("never receives"))
                .anyMatch(sentence -> sentence.contains("comes before its input"));
    }

    @Test
    void aMessageSentTwiceIsNamed() {
        assertThat(offences(0, step -> {
                    int place = place(step, OperationKind.SEND_ACTIVATION, 3);
                    step.add(place, step.get(place));
                }))
                .anyMatch(sentence -> sentence.contains("sent twice") || sentence.contains("never receives"));
    }

    @Test
    void twoWorkersThatWaitForEachOtherAreNamed() {
        assertThat(offences(
                        1,
                        step -> Collections.swap(
                                step,
                                place(step, OperationKind.SEND_ACTIVATION, 0),
                                place(step, OperationKind.RECEIVE_GRADIENT, 0))))
                .anyMatch(sentence -> sentence.contains("for ever"));
    }

    @Test
    void aBackwardBeforeItsForwardIsNamed() {
        assertThat(offences(
                        2,
                        step -> Collections.swap(
                                step, place(step, OperationKind.FORWARD, 1), place(step, OperationKind.BACKWARD, 1))))
                .anyMatch(sentence -> sentence.contains("comes before its forward"));
    }

    @Test
    void backwardsOutOfOrderAreNamed() {
        assertThat(offences(
                        2,
                        step -> Collections.swap(
                                step, place(step, OperationKind.BACKWARD, 2), place(step, OperationKind.BACKWARD, 3))))
                .anyMatch(sentence -> sentence.contains("backwards ascend"));
    }

    @Test
    void aForwardLeftOutIsNamed() {
        assertThat(offences(2, step -> step.removeIf(isA(OperationKind.FORWARD, 3))))
                .anyMatch(sentence -> sentence.contains("forward 3 and backward 4 times, not 4"));
    }

    @Test
    void holdingMoreThanTheScheduleAllowsIsNamed() {
        Plan gpipe = ScheduleGeneratorTest.onePerRank(ScheduleKind.GPIPE, 3, 4);
        Schedule schedule = ScheduleGenerator.generate(ScheduleGeneratorTest.graph(3), gpipe);

        assertThat(ScheduleValidator.check(schedule, PLAN))
                .anyMatch(sentence -> sentence.contains("in flight, but OneForwardOneBackward allows 1"));
    }

    @Test
    void anotherSizeThanExpectedIsNamed() {
        assertThat(offences(
                        0,
                        step -> step.replaceAll(operation -> operation.kind() == OperationKind.SEND_ACTIVATION
                                ? Operation.message(operation.kind(), 0, operation.microBatch(), 1, 999)
                                : operation)))
                .anyMatch(sentence -> sentence.contains("expects 10 bytes but is sent 999"));
    }

    @Test
    void aStepWithoutTheClipCoefficientIsNamed() {
        assertThat(offences(
                        1,
                        step -> Collections.swap(
                                step,
                                place(step, OperationKind.RECEIVE_CLIP, -1),
                                place(step, OperationKind.OPTIMIZER_STEP, -1))))
                .anyMatch(sentence -> sentence.contains("learn the clip coefficient and then step once"));
    }

    @Test
    void aForeignStageIsNamed() {
        assertThat(offences(1, step -> step.add(0, Operation.compute(OperationKind.FORWARD, 2, 0, false))))
                .anyMatch(sentence -> sentence.contains("a stage that the worker does not hold"));
    }

    @Test
    void aCommitBeforeAllPartsIsNamed() {
        List<WorkerOperations> workers = new ArrayList<>(SOUND.workers());
        WorkerOperations root = workers.getFirst();
        List<Operation> checkpoint = new ArrayList<>(root.checkpoint());
        Collections.rotate(checkpoint, 1);
        workers.set(0, new WorkerOperations(0, root.step(), checkpoint));

        assertThat(ScheduleValidator.check(new Schedule(1, workers), PLAN))
                .anyMatch(sentence -> sentence.contains("as the last thing"));
    }

    private static Predicate<Operation> isA(OperationKind kind, int microBatch) {
        return operation -> operation.kind() == kind && operation.microBatch() == microBatch;
    }

    private static int place(List<Operation> step, OperationKind kind, int microBatch) {
        return IntStream.range(0, step.size())
                .filter(index -> isA(kind, microBatch).test(step.get(index)))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> offences(int rank, Consumer<List<Operation>> plant) {
        assertThat(ScheduleValidator.check(SOUND, PLAN)).isEmpty();
        List<WorkerOperations> workers = new ArrayList<>(SOUND.workers());
        WorkerOperations worker = workers.get(rank);
        List<Operation> step = new ArrayList<>(worker.step());
        plant.accept(step);
        workers.set(rank, new WorkerOperations(rank, step, worker.checkpoint()));
        return ScheduleValidator.check(new Schedule(1, workers), PLAN);
    }
}
