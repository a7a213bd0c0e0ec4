package dev.pipelinejob.placement.solve;

import dev.pipelinejob.placement.graph.CostSource;
import dev.pipelinejob.placement.graph.Layer;
import dev.pipelinejob.placement.graph.ModelGraph;
import dev.pipelinejob.placement.plan.ScheduleKind;
import dev.pipelinejob.placement.topology.Domain;
import dev.pipelinejob.placement.topology.Node;
import dev.pipelinejob.placement.topology.Slot;
import dev.pipelinejob.placement.topology.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// Small problems of all shapes, the same for the same seed.
final class RandomProblem {
    private final Random random;
    private int names;

    RandomProblem(Random random) {
        this.random = random;
    }

    PlacementProblem next(boolean uniform) {
        names = 0;
        Topology topology = uniform ? uniformTree() : unequalTree();
        ScheduleKind schedule = random.nextBoolean() ? ScheduleKind.GPIPE : ScheduleKind.ONE_FORWARD_ONE_BACKWARD;
        Rematerialization choice = random.nextBoolean() ? Rematerialization.ALWAYS : Rematerialization.NEVER;
        int stages = 1 + random.nextInt(topology.slots().size());
        return problem(topology, schedule, choice, StageLimits.exactly(stages));
    }

    PlacementProblem problem(
            Topology topology, @Nullable ScheduleKind schedule, Rematerialization choice, StageLimits stages) {
        return new PlacementProblem(
                chain(), topology, 1 + random.nextInt(6), schedule, choice, stages, new Strategy.Optimize());
    }

    private ModelGraph chain() {
        List<Layer> layers = new ArrayList<>();
        int count = 3 + random.nextInt(4);
        for (int index = 0; index < count; index++) {
            layers.add(new Layer(
                    "layer-" + index,
                    1 + random.nextInt(20),
                    1 + random.nextInt(40),
                    random.nextInt(5),
                    4L * random.nextInt(40),
                    1,
                    random.nextInt(100),
                    random.nextInt(200),
                    random.nextInt(50),
                    List.of()));
        }
        return ModelGraph.chain("random", layers, CostSource.ESTIMATED);
    }

    /// Equal children on every level.
    private Topology uniformTree() {
        int slots = 1 + random.nextInt(3);
        int hosts = 1 + random.nextInt(slots == 3 ? 2 : 3);
        Slot pattern = slot(1);
        double uplink = bandwidth();
        int cores = random.nextInt(3);
        List<Node> children = new ArrayList<>();
        for (int host = 0; host < hosts; host++) {
            List<Node> inside = new ArrayList<>();
            for (int index = 0; index < slots; index++) {
                inside.add(new Slot("slot-" + names++, pattern.portBytesPerSecond(), 0, pattern.memoryBytes(), 1));
            }
            children.add(new Domain("host-" + host, Topology.HOST_LEVEL, uplink, 0, cores, inside));
        }
        return new Topology(Domain.unlimited("root", "cluster", children));
    }

    private Topology unequalTree() {
        List<Node> children = new ArrayList<>();
        int total = 0;
        int hosts = 1 + random.nextInt(3);
        for (int host = 0; host < hosts; host++) {
            int slots = Math.min(5 - total, 1 + random.nextInt(2));
            double speed = 1 + random.nextInt(2);
            List<Node> inside = new ArrayList<>();
            for (int index = 0; index < slots; index++) {
                inside.add(slot(speed));
            }
            total += slots;
            children.add(new Domain("host-" + host, Topology.HOST_LEVEL, bandwidth(), 0, random.nextInt(3), inside));
        }
        if (random.nextBoolean()) {
            children.add(slot(2));
        }
        return new Topology(Domain.unlimited("root", "cluster", children));
    }

    private Slot slot(double speed) {
        long memoryBytes = random.nextBoolean() ? 1_000_000 : 500 + random.nextInt(3_000);
        return new Slot("slot-" + names++, bandwidth(), 0, memoryBytes, speed);
    }

    /// From no limit at all to a port that is slower than any layer.
    private double bandwidth() {
        return random.nextInt(3) == 0 ? Double.POSITIVE_INFINITY : 1e6 * (1 + random.nextInt(10));
    }
}
