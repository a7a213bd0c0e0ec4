package dev.pipelinejob.operator.cli.placement;

import dev.pipelinejob.placement.cost.PeakMemory;
import dev.pipelinejob.placement.cost.StageCosts;
import dev.pipelinejob.placement.cost.StepTime;
import dev.pipelinejob.placement.graph.CostSource;
import dev.pipelinejob.placement.graph.Layer;
import dev.pipelinejob.placement.graph.ModelGraph;
import dev.pipelinejob.placement.plan.Plan;
import dev.pipelinejob.placement.plan.ScheduleKind;
import dev.pipelinejob.placement.plan.Stage;
import dev.pipelinejob.placement.schedule.ScheduleGenerator;
import dev.pipelinejob.placement.simulate.Simulation;
import dev.pipelinejob.placement.simulate.Simulator;
import dev.pipelinejob.placement.topology.Domain;
import dev.pipelinejob.placement.topology.Node;
import dev.pipelinejob.placement.topology.Slot;
import dev.pipelinejob.placement.topology.Topology;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/// What the planner says of memory and time from the plan alone, against the simulator, on random pipelines.
final class SimulationStudy implements Study {
    private static final int CASES = 1_000;
    private static final double MOST_DEVIATION_PERCENT = 3;

    @Override
    public boolean run(Bench bench) {
        bench.out()
                .printf(
                        Locale.ROOT,
                        "%-22s %6s %18s %16s %10s %10s %10s %12s%n",
                        "schedule",
                        "cases",
                        "memory violations",
                        "memory reached",
                        "median %",
                        "99th %",
                        "largest %",
                        "above 3 %");
        boolean allHold = true;
        for (ScheduleKind schedule : ScheduleKind.values()) {
            allHold &= study(schedule, bench);
        }
        return allHold;
    }

    private static boolean study(ScheduleKind schedule, Bench bench) {
        SplittableRandom random = new SplittableRandom(bench.seed());
        double[] deviations = new double[CASES];
        int violations = 0;
        int reached = 0;
        for (int index = 0; index < CASES; index++) {
            Pipeline pipeline = Pipeline.next(random, schedule);
            Plan plan = pipeline.plan();
            Simulation simulation = Simulator.run(
                    pipeline.graph(), pipeline.topology(), plan, ScheduleGenerator.generate(pipeline.graph(), plan));
            StageCosts costs = new StageCosts(pipeline.graph());
            for (int rank = 0; rank < plan.slots().size(); rank++) {
                long told = PeakMemory.of(plan).workerBytes(costs, plan, rank);
                long peak = simulation.peakMemoryBytes().get(rank);
                violations += peak > told ? 1 : 0;
                reached += peak == told ? 1 : 0;
            }
            double told = StepTime.micros(pipeline.graph(), pipeline.topology(), plan);
            deviations[index] = Math.abs(told / simulation.stepMicros() - 1) * 100;
        }
        Arrays.sort(deviations);
        long above = Arrays.stream(deviations)
                .filter(percent -> percent > MOST_DEVIATION_PERCENT)
                .count();
        double largest = deviations[CASES - 1];
        bench.out()
                .printf(
                        Locale.ROOT,
                        "%-22s %6d %18d %16d %10.4f %10.4f %10.4f %12d%n",
                        schedule.word(),
                        CASES,
                        violations,
                        reached,
                        deviations[CASES / 2],
                        deviations[CASES * 99 / 100],
                        largest,
                        above);
        bench.rows()
                .addObject()
                .put("schedule", schedule.word())
                .put("cases", CASES)
                .put("memoryViolations", violations)
                .put("memoryReached", reached)
                .put("medianDeviationPercent", deviations[CASES / 2])
                .put("percentile99DeviationPercent", deviations[CASES * 99 / 100])
                .put("largestDeviationPercent", largest)
                .put("casesAbove3Percent", above);
        return violations == 0 && above == 0;
    }

    /// A random pipeline with one stage a worker.
    private record Pipeline(ModelGraph graph, Topology topology, Plan plan) {
        private static Pipeline next(SplittableRandom random, ScheduleKind schedule) {
            int stages = 1 + random.nextInt(12);
            int layers = stages + random.nextInt(2 * stages + 1);
            ModelGraph graph = graph(random, layers);
            Topology topology = topology(random, stages);
            List<Integer> ends = new ArrayList<>();
            for (int stage = 1; stage < stages; stage++) {
                int least = ends.isEmpty() ? 1 : ends.getLast() + 1;
                int even = layers * stage / stages + random.nextInt(3) - 1;
                ends.add(Math.clamp(even, least, layers - (stages - stage)));
            }
            ends.add(layers);
            List<Stage> parts = new ArrayList<>();
            for (int stage = 0; stage < stages; stage++) {
                parts.add(new Stage(stage, stage == 0 ? 0 : ends.get(stage - 1), ends.get(stage), stage));
            }
            List<String> slots = topology.slots().stream().map(Slot::name).toList();
            int microBatches = 1 + random.nextInt(random.nextBoolean() ? 8 : 64);
            return new Pipeline(graph, topology, new Plan(schedule, microBatches, random.nextBoolean(), parts, slots));
        }

        /// Layers whose costs differ up to tenfold, in micros and bytes of a real model.
        private static ModelGraph graph(SplittableRandom random, int count) {
            List<Layer> layers = new ArrayList<>();
            for (int index = 0; index < count; index++) {
                double forward = 200 + 1_800 * random.nextDouble();
                layers.add(new Layer(
                        "layer-" + index,
                        forward,
                        forward * (1.5 + random.nextDouble()),
                        100 * random.nextDouble(),
                        4L * random.nextInt(1_000_000),
                        1,
                        random.nextInt(2_000_000),
                        random.nextInt(8_000_000),
                        random.nextInt(2_000_000),
                        List.of()));
            }
            return ModelGraph.chain("random", layers, CostSource.ESTIMATED);
        }

        /// Hosts of up to four slots: from links that never matter to links that take half of a stage's time.
        private static Topology topology(SplittableRandom random, int slots) {
            double port = 4e9 * Math.pow(100, random.nextDouble());
            double uplink = port / (1 + random.nextInt(2));
            double latency = random.nextInt(3) * 10.0;
            List<Node> hosts = new ArrayList<>();
            int made = 0;
            while (made < slots) {
                int inHost = Math.min(slots - made, 1 + random.nextInt(4));
                double speed = random.nextInt(3) == 0 ? 0.5 : 1;
                List<Node> inside = new ArrayList<>();
                for (int slot = 0; slot < inHost; slot++) {
                    inside.add(new Slot("slot-" + made++, port, latency / 2, Long.MAX_VALUE, speed));
                }
                hosts.add(new Domain("host-" + hosts.size(), Topology.HOST_LEVEL, uplink, latency, 0, inside));
            }
            return new Topology(Domain.unlimited("root", "cluster", hosts));
        }
    }
}
