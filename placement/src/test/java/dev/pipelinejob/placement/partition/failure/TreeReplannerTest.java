package dev.pipelinejob.placement.partition.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pipelinejob.placement.partition.PartitionOutcome;
import dev.pipelinejob.placement.partition.RandomWorkloads;
import dev.pipelinejob.placement.partition.SearchControl;
import dev.pipelinejob.placement.partition.Split;
import dev.pipelinejob.placement.partition.tree.RandomTrees;
import dev.pipelinejob.placement.partition.tree.TreeExhaustive;
import dev.pipelinejob.placement.partition.tree.TreePartitioner;
import dev.pipelinejob.placement.partition.verify.TreeVerifier;
import dev.pipelinejob.placement.partition.verify.Verifier;
import dev.pipelinejob.placement.topology.Domain;
import dev.pipelinejob.placement.topology.Node;
import dev.pipelinejob.placement.topology.Slot;
import dev.pipelinejob.placement.topology.Topology;
import dev.pipelinejob.placement.workload.Devices;
import dev.pipelinejob.placement.workload.Workload;
import dev.pipelinejob.placement.workload.WorkloadBuilder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TreeReplannerTest {
    private static final double BYTES_PER_MILLI = 1000;
    private static final int INSTANCES = 2000;

    private static SearchControl minutes() {
        return SearchControl.seconds(600, System::nanoTime);
    }

    @Test
    void plansAfterALossAreLegalAndMoveLittle() {
        int compared = 0;
        int least = 0;
        int tight = 0;
        int missed = 0;
        for (int seed = 0; compared < INSTANCES; seed++) {
            String what = "seed " + seed;
            Random random = new Random(seed);
            Workload workload = new RandomWorkloads(seed).next(6);
            Topology tree = new RandomTrees(seed).next(5);
            Split split =
                    PartitionOutcome.split(TreePartitioner.solve(workload, tree, BYTES_PER_MILLI, seed, minutes()));
            if (split == null || tree.slots().size() < 2) {
                continue;
            }
            Set<Integer> lost = Set.of(random.nextInt(tree.slots().size()));
            TreeReplanner replanner = new TreeReplanner(workload, tree, BYTES_PER_MILLI, split.deviceOfNode(), seed);
            double fresh = replanner.freshValue(lost, minutes());
            double limit = fresh * (1 + random.nextInt(3) * 0.2);
            if (Double.isInfinite(fresh)) {
                continue;
            }
            compared++;

            Replan plan = replanner.within(lost, limit, minutes());

            if (plan == null) {
                missed++;
                continue;
            }
            requireLegal(workload, tree, split, plan, lost, what);
            assertThat(plan.value()).as(what).isLessThanOrEqualTo(limit * (1 + 1e-9) + 1e-9);
            double fewest = TreeExhaustive.leastMoved(workload, tree, split.deviceOfNode(), lost, limit * (1 + 1e-9));
            assertThat(plan.movedBytes()).as(what).isGreaterThanOrEqualTo(fewest - 1e-6);
            least += plan.movedBytes() <= fewest + 1e-6 ? 1 : 0;
            tight += plan.movedBytes() <= 1.2 * fewest + 1e-6 ? 1 : 0;
        }
        assertThat(missed).as("without a plan of " + compared).isZero();
        assertThat(tight)
                .as("within 1.2 of the fewest bytes, of " + compared + ", fewest " + least)
                .isGreaterThan(compared * 8 / 10);
    }

    @Test
    void leavesThatOthersRelieveStandInForLostOnes() {
        Devices devices = new Devices(32, 0, 1e9);
        Random random = new Random(1);
        WorkloadBuilder builder = new WorkloadBuilder();
        for (int layer = 0; layer < 640; layer++) {
            double millis = 0.5 + random.nextDouble();
            builder.node(new WorkloadBuilder.Node("l" + layer, millis, 0, 1000, true, false, "c" + layer));
            if (layer > 0) {
                builder.edge("l" + (layer - 1), "l" + layer, 0.001);
            }
        }
        Workload workload = builder.build(devices);
        List<Node> hosts = new ArrayList<>();
        for (int host = 0; host < 8; host++) {
            List<Node> slots = new ArrayList<>();
            for (int slot = 0; slot < 4; slot++) {
                slots.add(new Slot("h" + host + "-" + slot, 1e6, 0, 1_000_000_000, 1));
            }
            hosts.add(new Domain("h" + host, "host", 1e6, 0, 0, slots));
        }
        Topology tree = new Topology(Domain.unlimited("root", "rack", hosts));
        Split split = Objects.requireNonNull(
                PartitionOutcome.split(TreePartitioner.solve(workload, tree, BYTES_PER_MILLI, 1, seconds(2))));
        TreeReplanner onTree = new TreeReplanner(workload, tree, BYTES_PER_MILLI, split.deviceOfNode(), 1);
        Replanner flat = new Replanner(workload, split.deviceOfNode(), 1);
        Set<Integer> lost = Set.of(12, 13, 14, 15);
        double limit = 1.05 * split.value() * 32 / 28;

        Replan plan = Objects.requireNonNull(onTree.within(lost, limit, seconds(2)));

        requireLegal(workload, tree, split, plan, lost, "chain");
        assertThat(plan.value()).isLessThanOrEqualTo(limit);
        assertThat(plan.movedBytes())
                .isLessThanOrEqualTo(
                        Objects.requireNonNull(flat.within(lost, limit)).movedBytes() + 1e-6);
    }

    private static SearchControl seconds(double seconds) {
        return SearchControl.seconds(seconds, System::nanoTime);
    }

    private static void requireLegal(
            Workload workload, Topology tree, Split split, Replan plan, Set<Integer> lost, String what) {
        Map<String, String> assignment = new HashMap<>();
        int[] after = plan.deviceOfNode();
        double moved = 0;
        for (int node = 0; node < after.length; node++) {
            assertThat(lost).as(what).doesNotContain(after[node]);
            assignment.put(workload.id(node), tree.slots().get(after[node]).name());
        }
        for (Replan.Move move : plan.moves()) {
            assertThat(split.deviceOfNode()[move.node()]).as(what).isEqualTo(move.from());
            assertThat(after[move.node()]).as(what).isEqualTo(move.to());
            moved += workload.bytes(move.node());
        }
        assertThat(plan.movedBytes()).as(what).isEqualTo(moved, within(1e-6));
        Verifier.Claim claim = new Verifier.Claim(assignment, plan.value(), 0, false, true);
        List<String> findings = TreeVerifier.check(workload, tree, BYTES_PER_MILLI, claim);
        assertThat(findings).as(what).isEmpty();
    }
}
