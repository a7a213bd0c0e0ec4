package dev.pipelinejob.placement.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pipelinejob.placement.cost.PeakMemory;
import dev.pipelinejob.placement.cost.StageCosts;
import dev.pipelinejob.placement.graph.CostSource;
import dev.pipelinejob.placement.graph.Layer;
import dev.pipelinejob.placement.graph.ModelGraph;
import dev.pipelinejob.placement.plan.Plan;
import dev.pipelinejob.placement.plan.ScheduleKind;
import dev.pipelinejob.placement.plan.Stage;
import dev.pipelinejob.placement.schedule.OperationKind;
import dev.pipelinejob.placement.schedule.ScheduleGenerator;
import dev.pipelinejob.placement.topology.Domain;
import dev.pipelinejob.placement.topology.Node;
import dev.pipelinejob.placement.topology.Slot;
import dev.pipelinejob.placement.topology.Topology;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SimulatorTest {
    private static final Slot FAST = new Slot("slot", Double.POSITIVE_INFINITY, 0, Long.MAX_VALUE, 1);

    @ParameterizedTest
    @EnumSource
    void equalStagesWithoutCommunicationHaveTheKnownBubble(ScheduleKind kind) {
        for (int stages = 1; stages <= 6; stages++) {
            for (int microBatches : new int[] {1, 2, 4, 8, 31}) {
                Simulation simulation =
                        simulate(kind, equalLayers(stages, 0), microBatches, Topology.flat(stages, FAST));

                double slots = microBatches + stages - 1;
                assertThat(simulation.stepMicros()).isCloseTo(slots * 300, within(1e-6));
                assertThat(simulation.steadyStepMicros()).isCloseTo(slots * 300, within(1e-6));
                assertThat(simulation.bubbleFraction()).isCloseTo((stages - 1) / slots, within(1e-9));
            }
        }
    }

    @Test
    void threeWorkersOnTwoCoresAreNotThreeTimesAsFast() {
        Topology machine = shared(3, 2);

        Simulation simulation = simulate(ScheduleKind.GPIPE, equalLayers(3, 0), 64, machine);

        double allWorkMicros = 3 * 64 * 300.0;
        assertThat(simulation.stepMicros()).isGreaterThan(allWorkMicros / 2).isLessThan(allWorkMicros / 2 * 1.05);
    }

    @Test
    void asManyCoresAsWorkersAreAsGoodAsOwnOnes() {
        Simulation own = simulate(ScheduleKind.GPIPE, equalLayers(3, 0), 8, Topology.flat(3, FAST));

        Simulation shared = simulate(ScheduleKind.GPIPE, equalLayers(3, 0), 8, shared(3, 3));

        assertThat(shared.stepMicros()).isEqualTo(own.stepMicros());
    }

    @Test
    void aNarrowPortSetsThePace() {
        // 1,000,000 bytes at 1e9 bytes a second take 1,000 micros each way, more than the 300 of a stage's compute.
        Slot narrow = new Slot("slot", 1e9, 0, Long.MAX_VALUE, 1);

        Simulation simulation = simulate(ScheduleKind.GPIPE, equalLayers(2, 1_000_000), 100, Topology.flat(2, narrow));

        assertThat(simulation.stepMicros()).isBetween(200_000.0, 202_000.0);
        assertThat(simulation.bytesPerStep())
                .containsEntry(new WorkerPair(0, 1), 100_000_000L + 16)
                .containsEntry(new WorkerPair(1, 0), 100_000_000L + 8);
    }

    @Test
    void latencyDelaysEveryMessage() {
        Slot far = new Slot("slot", Double.POSITIVE_INFINITY, 50, Long.MAX_VALUE, 1);

        Simulation simulation = simulate(ScheduleKind.GPIPE, equalLayers(2, 10), 1, Topology.flat(2, far));

        // Activation, gradient, statistics and coefficient cross the two ports one after the other, but rank 0 has
        // the statistics of rank 1 when its own backward ends.
        assertThat(simulation.stepMicros()).isCloseTo(600 + 3 * 100, within(1e-6));
    }

    @Test
    void spansOfAWorkerFollowEachOther() {
        Simulation simulation = simulate(ScheduleKind.ONE_FORWARD_ONE_BACKWARD, equalLayers(3, 8), 4, shared(3, 2));

        for (int rank = 0; rank < 3; rank++) {
            int own = rank;
            List<Span> spans = simulation.timeline().stream()
                    .filter(span -> span.rank() == own)
                    .toList();
            assertThat(spans.getFirst().startMicros()).isZero();
            for (int index = 1; index < spans.size(); index++) {
                assertThat(spans.get(index).startMicros())
                        .isEqualTo(spans.get(index - 1).endMicros());
            }
            assertThat(spans.stream().filter(span -> span.kind() == OperationKind.FORWARD))
                    .hasSize(4);
        }
    }

    @Test
    void peakMemoryIsNeverAboveTheClosedForm() {
        long seed = 20260102;
        Random random = new Random(seed);
        int tight = 0;
        for (int round = 0; round < 1_000; round++) {
            Plan plan = randomPlan(random);
            ModelGraph graph = randomGraph(random, plan.stages().size());
            Topology topology = random.nextBoolean()
                    ? shared(plan.slots().size(), 1 + random.nextInt(3))
                    : Topology.flat(
                            plan.slots().size(),
                            new Slot("slot", 1e3 * (1 + random.nextInt(1_000)), 5, Long.MAX_VALUE, 1));

            Simulation simulation = Simulator.run(graph, topology, plan, ScheduleGenerator.generate(graph, plan));

            StageCosts costs = new StageCosts(graph);
            for (int rank = 0; rank < plan.slots().size(); rank++) {
                long bound = PeakMemory.of(plan).workerBytes(costs, plan, rank);
                long peak = simulation.peakMemoryBytes().get(rank);
                assertThat(peak)
                        .as("seed %d, round %d, rank %d of %s", seed, round, rank, plan)
                        .isPositive()
                        .isLessThanOrEqualTo(bound);
                tight += peak == bound ? 1 : 0;
            }
        }
        assertThat(tight).as("cases in which the closed form is reached").isGreaterThan(100);
    }

    private static Simulation simulate(ScheduleKind kind, ModelGraph graph, int microBatches, Topology topology) {
        int stageCount = graph.layers().size();
        List<Stage> stages = IntStream.range(0, stageCount)
                .mapToObj(index -> new Stage(index, index, index + 1, index))
                .toList();
        List<String> slots = topology.slots().stream().map(Slot::name).toList();
        Plan plan = new Plan(kind, microBatches, false, stages, slots);
        return Simulator.run(graph, topology, plan, ScheduleGenerator.generate(graph, plan));
    }

    private static ModelGraph equalLayers(int count, long activationBytes) {
        List<Layer> layers = IntStream.range(0, count)
                .mapToObj(index -> new Layer("layer-" + index, 100, 200, 0, 0, 1, activationBytes, 0, 0, List.of()))
                .toList();
        return ModelGraph.chain("equal", layers, CostSource.ESTIMATED);
    }

    private static Topology shared(int slotCount, int cores) {
        List<Node> slots = new ArrayList<>(Topology.flat(slotCount, FAST).slots());
        return new Topology(new Domain("machine", Topology.HOST_LEVEL, Double.POSITIVE_INFINITY, 0, cores, slots));
    }

    private static ModelGraph randomGraph(Random random, int layerCount) {
        List<Layer> layers = new ArrayList<>();
        for (int index = 0; index < layerCount; index++) {
            layers.add(new Layer(
                    "layer-" + index,
                    1 + random.nextInt(100),
                    1 + random.nextInt(200),
                    random.nextInt(50),
                    4L * random.nextInt(100),
                    1,
                    random.nextInt(200),
                    random.nextInt(500),
                    random.nextInt(100),
                    List.of()));
        }
        return ModelGraph.chain("random", layers, CostSource.ESTIMATED);
    }

    private static Plan randomPlan(Random random) {
        int ranks = 1 + random.nextInt(4);
        int stageCount = ranks + random.nextInt(4);
        List<Integer> ranksOfStages = new ArrayList<>();
        for (int index = 0; index < stageCount; index++) {
            ranksOfStages.add(index < ranks ? index : random.nextInt(ranks));
        }
        if (random.nextBoolean()) {
            Collections.shuffle(ranksOfStages, random);
        }
        List<Stage> stages = IntStream.range(0, stageCount)
                .mapToObj(index -> new Stage(index, index, index + 1, ranksOfStages.get(index)))
                .toList();
        List<String> slots =
                IntStream.range(0, ranks).mapToObj(index -> "slot-" + index).toList();
        ScheduleKind kind = random.nextBoolean() ? ScheduleKind.GPIPE : ScheduleKind.ONE_FORWARD_ONE_BACKWARD;
        return new Plan(kind, 1 + random.nextInt(9), random.nextBoolean(), stages, slots);
    }
}
