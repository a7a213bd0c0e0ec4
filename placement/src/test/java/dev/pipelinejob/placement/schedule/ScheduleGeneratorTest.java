package dev.pipelinejob.placement.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipelinejob.placement.graph.CostSource;
import dev.pipelinejob.placement.graph.Layer;
import dev.pipelinejob.placement.graph.ModelGraph;
import dev.pipelinejob.placement.graph.TiedParameter;
import dev.pipelinejob.placement.plan.Plan;
import dev.pipelinejob.placement.plan.ScheduleKind;
import dev.pipelinejob.placement.plan.Stage;
import dev.pipelinejob.placement.topology.Slot;
import dev.pipelinejob.placement.topology.Topology;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ScheduleGeneratorTest {
    @Test
    void gpipeRunsAllForwardsAndThenAllBackwards() {
        Plan plan = onePerRank(ScheduleKind.GPIPE, 2, 3);

        assertThat(compute(plan, 0)).isEqualTo("F0 F1 F2 B0 B1 B2");
        assertThat(compute(plan, 1)).isEqualTo("F0 F1 F2 B0 B1 B2");
    }

    @Test
    void oneForwardOneBackwardHoldsNoMoreThanItsDistanceToTheEnd() {
        Plan plan = onePerRank(ScheduleKind.ONE_FORWARD_ONE_BACKWARD, 3, 4);

        assertThat(compute(plan, 0)).isEqualTo("F0 F1 F2 B0 F3 B1 B2 B3");
        assertThat(compute(plan, 1)).isEqualTo("F0 F1 B0 F2 B1 F3 B2 B3");
        assertThat(compute(plan, 2)).isEqualTo("F0 B0 F1 B1 F2 B2 F3 B3");
    }

    @ParameterizedTest
    @EnumSource
    void fewerMicroBatchesThanStagesWork(ScheduleKind kind) {
        Plan plan = onePerRank(kind, 5, 2);

        assertThat(ScheduleValidator.check(ScheduleGenerator.generate(graph(5), plan), plan))
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void anyLayoutOfStagesOnWorkersIsSound(ScheduleKind kind) {
        long seed = 20260101;
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            Plan plan = randomPlan(random, kind);
            ModelGraph graph = graph(plan.stages().size());

            Schedule schedule = ScheduleGenerator.generate(graph, plan);

            assertThat(plan.check(graph, Topology.flat(plan.slots().size(), SLOT)))
                    .isEmpty();
            assertThat(ScheduleValidator.check(schedule, plan))
                    .as("seed %d, round %d, %s", seed, round, plan)
                    .isEmpty();
            assertThat(ScheduleGenerator.generate(graph, plan)).isEqualTo(schedule);
        }
    }

    @Test
    void workersOfOneTiedWeightExchangeIt() {
        Plan plan = onePerRank(ScheduleKind.GPIPE, 3, 1);

        Schedule schedule = ScheduleGenerator.generate(graph(3), plan);

        assertThat(tail(schedule, 0))
                .startsWith(
                        OperationKind.SEND_TIED_GRADIENT,
                        OperationKind.RECEIVE_TIED_GRADIENT,
                        OperationKind.REDUCE_TIED_GRADIENT,
                        OperationKind.GRADIENT_STATISTICS);
        assertThat(tail(schedule, 1))
                .containsExactly(
                        OperationKind.GRADIENT_STATISTICS,
                        OperationKind.SEND_STATISTICS,
                        OperationKind.RECEIVE_CLIP,
                        OperationKind.OPTIMIZER_STEP);
    }

    @Test
    void aTiedWeightCountsOnceInTheStatistics() {
        Plan plan = onePerRank(ScheduleKind.GPIPE, 3, 1);

        Schedule schedule = ScheduleGenerator.generate(graph(3), plan);

        // Two tensors a layer, 8 bytes each; the last layer's second is the tied one, which counts in the first layer.
        assertThat(schedule.workers().getFirst().step().stream()
                        .filter(operation -> operation.kind() == OperationKind.RECEIVE_STATISTICS))
                .extracting(Operation::bytes)
                .containsExactly(16L, 8L);
    }

    @Test
    void oneWorkerTalksToNobody() {
        Plan plan = onePerRank(ScheduleKind.ONE_FORWARD_ONE_BACKWARD, 1, 2);

        Schedule schedule = ScheduleGenerator.generate(graph(1), plan);

        assertThat(schedule.workers().getFirst().step()).allMatch(operation -> operation.peer() == Operation.NONE);
        assertThat(schedule.workers().getFirst().checkpoint())
                .extracting(Operation::kind)
                .containsExactly(OperationKind.CHECKPOINT_PART, OperationKind.COMMIT);
    }

    @Test
    void tooManyMicroBatchesAreRefusedWithAWayOut() {
        assertThatThrownBy(() -> onePerRank(ScheduleKind.GPIPE, 1, 4_097))
                .hasMessageContaining("4097 micro-batches")
                .hasMessageContaining("larger");
        assertThatThrownBy(() -> onePerRank(ScheduleKind.GPIPE, 1_025, 1))
                .hasMessageContaining("1025 workers")
                .hasMessageContaining("stages");
    }

    @Test
    void aThousandWorkersAreNoTrouble() {
        Plan plan = onePerRank(ScheduleKind.ONE_FORWARD_ONE_BACKWARD, 1_024, 256);

        Schedule schedule = ScheduleGenerator.generate(graph(1_024), plan);

        assertThat(schedule.workers()).hasSize(1_024);
    }

    static final Slot SLOT = new Slot("slot", Double.POSITIVE_INFINITY, 0, Long.MAX_VALUE, 1);

    static ModelGraph graph(int layerCount) {
        List<Layer> layers = new ArrayList<>();
        for (int index = 0; index < layerCount; index++) {
            boolean isTied = layerCount > 1 && (index == 0 || index == layerCount - 1);
            List<TiedParameter> tied = isTied ? List.of(new TiedParameter("embedding", 64)) : List.of();
            layers.add(new Layer("layer-" + index, 1, 2, 0, 100, 2, 10 + index, 30, 0, tied));
        }
        return ModelGraph.chain("test", layers, CostSource.ESTIMATED);
    }

    static Plan onePerRank(ScheduleKind kind, int stageCount, int microBatches) {
        List<Stage> stages = IntStream.range(0, stageCount)
                .mapToObj(index -> new Stage(index, index, index + 1, index))
                .toList();
        List<String> slots = IntStream.range(0, stageCount)
                .mapToObj(index -> "slot-" + index)
                .toList();
        return new Plan(kind, microBatches, false, stages, slots);
    }

    static Plan randomPlan(Random random, ScheduleKind kind) {
        int ranks = 1 + random.nextInt(5);
        int stageCount = ranks + random.nextInt(6);
        List<Integer> ranksOfStages = new ArrayList<>();
        for (int index = 0; index < stageCount; index++) {
            ranksOfStages.add(index < ranks ? index : random.nextInt(ranks));
        }
        Collections.shuffle(ranksOfStages, random);
        List<Stage> stages = IntStream.range(0, stageCount)
                .mapToObj(index -> new Stage(index, index, index + 1, ranksOfStages.get(index)))
                .toList();
        List<String> slots =
                IntStream.range(0, ranks).mapToObj(index -> "slot-" + index).toList();
        return new Plan(kind, 1 + random.nextInt(9), random.nextBoolean(), stages, slots);
    }

    private static String compute(Plan plan, int rank) {
        Schedule schedule = ScheduleGenerator.generate(graph(plan.stages().size()), plan);
        return schedule.workers().get(rank).step().stream()
                .filter(operation ->
                        operation.kind() == OperationKind.FORWARD || operation.kind() == OperationKind.BACKWARD)
                .map(operation -> (operation.kind() == OperationKind.FORWARD ? "F" : "B") + operation.microBatch())
                .collect(Collectors.joining(" "));
    }

    private static List<OperationKind> tail(Schedule schedule, int rank) {
        return schedule.workers().get(rank).step().stream()
                .filter(operation -> operation.microBatch() == Operation.NONE)
                .map(Operation::kind)
                .toList();
    }
}
