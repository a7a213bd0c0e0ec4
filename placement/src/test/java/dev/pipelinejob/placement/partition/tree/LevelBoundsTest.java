package dev.pipelinejob.placement.partition.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipelinejob.placement.partition.RandomWorkloads;
import dev.pipelinejob.placement.partition.Reduction;
import dev.pipelinejob.placement.partition.SearchControl;
import dev.pipelinejob.placement.partition.UnitGraph;
import dev.pipelinejob.placement.topology.Slot;
import dev.pipelinejob.placement.topology.Topology;
import dev.pipelinejob.placement.workload.Workload;
import org.junit.jupiter.api.Test;

class LevelBoundsTest {
    private static final int INSTANCES = 4000;
    private static final double BYTES_PER_MILLI = 1000;

    @Test
    void noSplitOfAnyShapeIsBelowTheBound() {
        int tight = 0;
        int possible = 0;
        for (int seed = 0; seed < INSTANCES; seed++) {
            String what = "seed " + seed;
            Workload workload = new RandomWorkloads(3_000_000 + seed).next(6);
            Topology tree = new RandomTrees(3_000_000 + seed).next(4);
            TreeShape shape = new TreeShape(tree);
            Workload priced = shape.hasLatency() ? workload.withOutputs(cost -> cost + 1) : workload;
            UnitGraph graph = Reduction.reducePairs(
                    priced,
                    tree.slots().stream().mapToDouble(Slot::memoryBytes).min().orElse(0));
            double least = graph.fusesClasses()
                    ? TreeExhaustive.contiguous(workload, tree)
                    : TreeExhaustive.any(workload, tree);
            if (Double.isInfinite(least) || least == 0) {
                continue;
            }
            Tensors tensors = Tensors.of(workload, graph.unitOfNode(), BYTES_PER_MILLI, shape.hasLatency());
            SearchControl control = SearchControl.seconds(600, System::nanoTime);

            double bound = new LevelBounds(graph, tensors, shape, control).raise(0, least * 1.5);

            assertThat(bound).as(what).isLessThanOrEqualTo(least * (1 + 1e-9));
            assertThat(new LevelBounds(graph, tensors, shape, control).refutes(least * (1 + 1e-9)))
                    .as(what)
                    .isFalse();
            possible++;
            tight += bound >= least * 0.95 ? 1 : 0;
        }
        assertThat(tight).as("within 5 % of " + possible).isGreaterThan(possible / 3);
    }
}
