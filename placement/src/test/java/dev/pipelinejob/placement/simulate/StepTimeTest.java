package dev.pipelinejob.placement.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.pipelinejob.placement.cost.StepTime;
import dev.pipelinejob.placement.graph.CostSource;
import dev.pipelinejob.placement.graph.Layer;
import dev.pipelinejob.placement.graph.ModelGraph;
import dev.pipelinejob.placement.plan.Plan;
import dev.pipelinejob.placement.plan.ScheduleKind;
import dev.pipelinejob.placement.plan.Stage;
import dev.pipelinejob.placement.schedule.ScheduleGenerator;
import dev.pipelinejob.placement.topology.Slot;
import dev.pipelinejob.placement.topology.Topology;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StepTimeTest {
    private static Plan plan(ScheduleKind kind, int stages, int microBatches, Topology topology) {
        List<Stage> parts = IntStream.range(0, stages)
                .mapToObj(index -> new Stage(index, index, index + 1, index))
                .toList();
        return new Plan(
                kind,
                microBatches,
                false,
                parts,
                topology.slots().stream().map(Slot::name).toList());
    }

    private static ModelGraph graph(int stages, Random random) {
        List<Layer> layers = IntStream.range(0, stages)
                .mapToObj(index -> new Layer(
                        "layer-" + index,
                        100 + random.nextInt(900),
                        100 + random.nextInt(1_900),
                        random.nextInt(50),
                        4_000,
                        1,
                        random.nextInt(1_000),
                        0,
                        0,
                        List.of()))
                .toList();
        return ModelGraph.chain("random", layers, CostSource.ESTIMATED);
    }

    @ParameterizedTest
    @EnumSource
    void theTimeToldFromThePlanIsTheSimulators(ScheduleKind kind) {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            int stages = 1 + random.nextInt(9);
            Slot pattern = new Slot("slot", 1e6 * (5 + random.nextInt(200)), random.nextInt(30), Long.MAX_VALUE, 1);
            Topology topology = Topology.flat(stages, pattern);
            ModelGraph graph = graph(stages, random);
            Plan plan = plan(kind, stages, 1 + random.nextInt(30), topology);

            Simulation simulation = Simulator.run(graph, topology, plan, ScheduleGenerator.generate(graph, plan));

            assertThat(StepTime.micros(graph, topology, plan))
                    .as("seed %d of %s", seed, plan)
                    .isCloseTo(simulation.stepMicros(), within(0.03 * simulation.stepMicros()));
        }
    }

    @Test
    void twoStagesOnOneWorkerAreRefused() {
        Topology topology = Topology.flat(1, new Slot("slot", 1e9, 0, Long.MAX_VALUE, 1));
        Plan plan = new Plan(
                ScheduleKind.GPIPE, 1, false, List.of(new Stage(0, 0, 1, 0), new Stage(1, 1, 2, 0)), List.of("slot-0"));

        assertThatThrownBy(() -> StepTime.micros(graph(2, new Random(1)), topology, plan))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2 stages on 1 workers");
    }
}
