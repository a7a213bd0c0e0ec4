package dev.pipelinejob.placement.partition.tree;

import dev.pipelinejob.placement.topology.Domain;
import dev.pipelinejob.placement.topology.Node;
import dev.pipelinejob.placement.topology.Slot;
import dev.pipelinejob.placement.topology.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Small trees with everything that makes them hard: unequal depth, links, latencies, memory and speed.
public final class RandomTrees {
    private final Random random;
    private int leaves;
    private int names;

    public RandomTrees(long seed) {
        this.random = new Random(seed);
    }

    /// A tree with about as many leaves at most.
    public Topology next(int mostLeaves) {
        leaves = mostLeaves;
        names = 0;
        return new Topology(Domain.unlimited("root", "domain", children(3)));
    }

    private List<Node> children(int depth) {
        List<Node> children = new ArrayList<>();
        int count = 1 + random.nextInt(3);
        for (int child = 0; child < count && (leaves > 0 || children.isEmpty()); child++) {
            String name = "t" + names++;
            if (depth == 0 || random.nextInt(2) == 0) {
                leaves--;
                long memory = random.nextInt(3) == 0 ? 6 + random.nextInt(12) : 1000;
                double speed = random.nextInt(3) == 0 ? 0.5 + random.nextInt(4) : 1;
                children.add(new Slot(name, rate(), 0, memory, speed));
            } else {
                children.add(new Domain(name, "domain", rate(), random.nextInt(3) * 500.0, 0, children(depth - 1)));
            }
        }
        return children;
    }

    private double rate() {
        return 1000.0 * (1 + random.nextInt(8)) / 2;
    }
}
