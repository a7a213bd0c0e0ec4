package dev.pipelinejob.placement.partition.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.pipelinejob.placement.partition.PartitionOutcome;
import dev.pipelinejob.placement.partition.Partitioner;
import dev.pipelinejob.placement.partition.RandomWorkloads;
import dev.pipelinejob.placement.partition.Reduction;
import dev.pipelinejob.placement.partition.Reordering;
import dev.pipelinejob.placement.partition.SearchControl;
import dev.pipelinejob.placement.partition.Split;
import dev.pipelinejob.placement.partition.UnitGraph;
import dev.pipelinejob.placement.partition.verify.Verifier;
import dev.pipelinejob.placement.workload.Devices;
import dev.pipelinejob.placement.workload.InvalidWorkload;
import dev.pipelinejob.placement.workload.Workload;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReplannerTest {
    private static final int DEVICES = 5;

    private static SearchControl minutes() {
        return SearchControl.seconds(600, System::nanoTime);
    }

    private static @Nullable Split running(Workload workload, int devices) {
        Workload on = workload.on(new Devices(devices, 0, workload.devices().memoryBytes()));
        return PartitionOutcome.split(Partitioner.solve(on, 1, minutes()));
    }

    @Test
    void noCutOfTheOrderWithinTheLimitKeepsMoreBytes() {
        int compared = 0;
        for (int seed = 0; compared < 2_000; seed++) {
            String what = "seed " + seed;
            Random random = new Random(seed);
            Workload workload =
                    new RandomWorkloads(seed).next(8).on(new Devices(DEVICES, 0, random.nextBoolean() ? 1e9 : 20));
            Split split = running(workload, DEVICES - random.nextInt(2));
            if (split == null) {
                continue;
            }
            Set<Integer> lost = new TreeSet<>();
            while (lost.size() < 1 + random.nextInt(3)) {
                lost.add(random.nextInt(DEVICES));
            }
            UnitGraph graph = Reduction.reduce(workload);
            int[] before = graph.deviceOfUnit(split.deviceOfNode());
            int[] order = new Reordering(graph, seed).next(before);
            double limit = split.value() * (1 + random.nextDouble());
            double most = new EveryCut(graph, order, before, lost, limit).most();

            Replan plan = new Replanner(workload, split.deviceOfNode(), seed).within(lost, limit);

            if (most < 0) {
                assertThat(plan).as(what).isNull();
                continue;
            }
            Objects.requireNonNull(plan, what);
            compared++;
            assertThat(plan.movedBytes()).as(what).isEqualTo(graph.totalBytes() - most, within(1e-6));
            assertThat(plan.value()).as(what).isLessThanOrEqualTo(limit * (1 + 1e-12));
            requireLegal(workload, split, plan, lost, what);
        }
    }

    private static void requireLegal(Workload workload, Split split, Replan plan, Set<Integer> lost, String what) {
        Map<String, String> assignment = new HashMap<>();
        int[] after = plan.deviceOfNode();
        double moved = 0;
        for (int node = 0; node < after.length; node++) {
            assertThat(lost).as(what).doesNotContain(after[node]);
            assignment.put(workload.id(node), "accelerator-" + after[node]);
        }
        for (Replan.Move move : plan.moves()) {
            assertThat(split.deviceOfNode()[move.node()]).as(what).isEqualTo(move.from());
            assertThat(after[move.node()]).as(what).isEqualTo(move.to());
            moved += workload.bytes(move.node());
        }
        assertThat(plan.movedBytes()).as(what).isEqualTo(moved, within(1e-6));
        Verifier.Claim claim = new Verifier.Claim(assignment, plan.value(), 0, false, true);
        assertThat(Verifier.check(workload, claim)).as(what).isEmpty();
    }

    @Test
    void aSpareTakesOverTheShareOfALostDeviceAndNothingElseMoves() {
        for (int seed = 0; seed < 200; seed++) {
            Workload workload = new RandomWorkloads(seed).next(8).on(new Devices(DEVICES, 0, 1e9));
            Split split = running(workload, DEVICES - 1);
            if (split == null) {
                continue;
            }
            Replanner replanner = new Replanner(workload, split.deviceOfNode(), 1);

            Replan plan = replanner.within(Set.of(0), split.value());

            Objects.requireNonNull(plan, "seed " + seed);
            assertThat(plan.movedBytes()).as("seed " + seed).isEqualTo(plan.lostBytes(), within(1e-6));
            List<Set<Integer>> likely = List.of(Set.of(0), Set.of(1, 2));
            assertThat(replanner.precomputed(likely, 1e9, minutes()))
                    .as("seed " + seed)
                    .hasSize(2);
        }
    }

    @Test
    void cpusAreRefused() {
        Workload workload = new RandomWorkloads(1).next(4).on(new Devices(2, 1, 1e9));

        assertThatThrownBy(() -> new Replanner(workload, new int[workload.nodes()], 1))
                .isInstanceOf(InvalidWorkload.class)
                .hasMessageContaining("use 0 CPUs");
    }

    /// Tries every cut and every assignment of devices to its shares, from the definition.
    private static final class EveryCut {
        private final UnitGraph graph;
        private final int[] order;
        private final int[] before;
        private final List<Integer> left = new ArrayList<>();
        private final double limit;
        private double most = -1;

        EveryCut(UnitGraph graph, int[] order, int[] before, Set<Integer> lost, double limit) {
            this.graph = graph;
            this.order = order;
            this.before = before;
            this.limit = limit;
            for (int device = 0; device < DEVICES; device++) {
                if (!lost.contains(device)) {
                    left.add(device);
                }
            }
        }

        double most() {
            cut(0, new int[order.length], new boolean[DEVICES], 0);
            return most;
        }

        private void cut(int from, int[] deviceOfUnit, boolean[] taken, double kept) {
            if (from == order.length) {
                most = kept > most && graph.value(deviceOfUnit) <= limit ? kept : most;
                return;
            }
            for (int device : left) {
                if (taken[device]) {
                    continue;
                }
                taken[device] = true;
                double bytes = 0;
                double stays = kept;
                for (int end = from + 1; end <= order.length; end++) {
                    int unit = order[end - 1];
                    bytes += graph.bytes(unit);
                    if (!graph.supported(unit) || bytes > graph.memoryBytes()) {
                        break;
                    }
                    stays += before[unit] == device ? graph.bytes(unit) : 0;
                    deviceOfUnit[unit] = device;
                    cut(end, deviceOfUnit, taken, stays);
                }
                taken[device] = false;
            }
        }
    }
}
