package dev.pipelinejob.placement.partition.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pipelinejob.placement.partition.PartitionOutcome;
import dev.pipelinejob.placement.partition.RandomWorkloads;
import dev.pipelinejob.placement.partition.SearchControl;
import dev.pipelinejob.placement.partition.Split;
import dev.pipelinejob.placement.partition.verify.TreeVerifier;
import dev.pipelinejob.placement.partition.verify.Verifier;
import dev.pipelinejob.placement.topology.Domain;
import dev.pipelinejob.placement.topology.Node;
import dev.pipelinejob.placement.topology.Topology;
import dev.pipelinejob.placement.workload.Workload;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TreePartitionerTest {
    private static final int INSTANCES = 3000;
    private static final double BYTES_PER_MILLI = 1000;

    private static SearchControl minutes() {
        return SearchControl.seconds(600, System::nanoTime);
    }

    private static Map<String, String> assignment(Workload workload, Topology tree, Split split) {
        Map<String, String> assignment = new HashMap<>();
        int[] leafOfNode = split.deviceOfNode();
        for (int node = 0; node < leafOfNode.length; node++) {
            assignment.put(workload.id(node), tree.slots().get(leafOfNode[node]).name());
        }
        return assignment;
    }

    @Test
    void claimsOnSmallTreesAreHonest() {
        int proved = 0;
        int best = 0;
        int possible = 0;
        for (int seed = 0; seed < INSTANCES; seed++) {
            String what = "seed " + seed;
            Workload workload = new RandomWorkloads(seed).next(6);
            Topology tree = new RandomTrees(seed).next(4);
            double least = TreeExhaustive.contiguous(workload, tree);
            PartitionOutcome outcome = TreePartitioner.solve(workload, tree, BYTES_PER_MILLI, seed, minutes());
            Split split = PartitionOutcome.split(outcome);
            if (Double.isInfinite(least)) {
                assertThat(split).as(what).isNull();
                continue;
            }
            assertThat(outcome).as(what).isNotInstanceOf(PartitionOutcome.Infeasible.class);
            possible++;
            if (split != null) {
                boolean optimal = outcome instanceof PartitionOutcome.Optimal;
                double slack = 1e-9 * Math.max(1, least);
                assertThat(split.value()).as(what).isGreaterThanOrEqualTo(least - slack);
                assertThat(split.lowerBound()).as(what).isLessThanOrEqualTo(least + slack);
                assertThat(!optimal || split.value() <= least + slack).as(what).isTrue();
                Verifier.Claim claim = new Verifier.Claim(
                        assignment(workload, tree, split), split.value(), split.lowerBound(), optimal, true);
                List<String> findings = TreeVerifier.check(workload, tree, BYTES_PER_MILLI, claim);
                assertThat(findings).as(what).isEmpty();
                proved += optimal ? 1 : 0;
                best += split.value() <= least + slack ? 1 : 0;
            }
        }
        assertThat(best).as("best possible of " + possible).isGreaterThan(possible * 95 / 100);
        assertThat(proved).as("proved of " + possible).isGreaterThan(possible / 4);
    }

    @Test
    void namesAndOrderInTheFileDoNotChangeTheValue() {
        for (int seed = 0; seed < 200; seed++) {
            RandomWorkloads random = new RandomWorkloads(2_000_000 + seed);
            Workload workload = random.next(12);
            Topology tree = new RandomTrees(seed).next(6);
            Topology shuffled = new Topology((Domain) shuffled(tree.root(), new Random(seed)));
            Split one = PartitionOutcome.split(TreePartitioner.solve(workload, tree, BYTES_PER_MILLI, 1, minutes()));
            Split other = PartitionOutcome.split(
                    TreePartitioner.solve(random.relabelled(workload), shuffled, BYTES_PER_MILLI, 1, minutes()));
            assertThat(one == null).as("seed " + seed).isEqualTo(other == null);
            if (one != null && other != null) {
                assertThat(other.value()).as("seed " + seed).isEqualTo(one.value(), within(1e-9));
            }
        }
    }

    @Test
    void howFastTheMachineIsDoesNotChangeTheSplit() {
        for (int seed = 0; seed < 40; seed++) {
            Workload workload = new RandomWorkloads(3_000_000 + seed).next(24);
            Topology tree = new RandomTrees(seed).next(6);
            long[] now = {0};
            SearchControl slow = new SearchControl(() -> now[0] += 1_000_000, 1L << 60, () -> false, 1L << 28);
            Split one = PartitionOutcome.split(TreePartitioner.solve(workload, tree, BYTES_PER_MILLI, 1, minutes()));
            Split other = PartitionOutcome.split(TreePartitioner.solve(workload, tree, BYTES_PER_MILLI, 1, slow));
            assertThat(one == null).as("seed " + seed).isEqualTo(other == null);
            if (one != null && other != null) {
                assertThat(other.deviceOfNode()).as("seed " + seed).isEqualTo(one.deviceOfNode());
                assertThat(other.lowerBound()).as("seed " + seed).isEqualTo(one.lowerBound());
            }
        }
    }

    @Test
    void boundsOfShortAndLongSearchesAllowForEachOthersSplits() {
        for (int seed = 0; seed < 20; seed++) {
            Workload workload = new RandomWorkloads(4_000_000 + seed).next(20);
            Topology tree = new RandomTrees(seed).next(6);
            Split soon = PartitionOutcome.split(TreePartitioner.solve(workload, tree, BYTES_PER_MILLI, 1, minutes()));
            SearchControl second = SearchControl.seconds(1, System::nanoTime);
            Split late = PartitionOutcome.split(
                    TreePartitioner.solve(workload, tree, BYTES_PER_MILLI, 1, Patience.until(0), second));
            if (soon != null && late != null) {
                assertThat(late.lowerBound()).as("seed " + seed).isLessThanOrEqualTo(soon.value() * (1 + 1e-9));
                assertThat(soon.lowerBound()).as("seed " + seed).isLessThanOrEqualTo(late.value() * (1 + 1e-9));
            }
        }
    }

    private static Node shuffled(Node node, Random random) {
        if (!(node instanceof Domain domain)) {
            return node;
        }
        List<Node> children = new ArrayList<>();
        domain.children().forEach(child -> children.add(shuffled(child, random)));
        Collections.shuffle(children, random);
        return new Domain(
                "x" + domain.name(),
                domain.level(),
                domain.uplinkBytesPerSecond(),
                domain.latencyMicros(),
                domain.computeCores(),
                children);
    }
}
