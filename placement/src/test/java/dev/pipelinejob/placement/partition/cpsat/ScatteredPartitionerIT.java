package dev.pipelinejob.placement.partition.cpsat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pipelinejob.placement.partition.Exhaustive;
import dev.pipelinejob.placement.partition.PartitionOutcome;
import dev.pipelinejob.placement.partition.RandomWorkloads;
import dev.pipelinejob.placement.partition.Reduction;
import dev.pipelinejob.placement.partition.SearchControl;
import dev.pipelinejob.placement.partition.Split;
import dev.pipelinejob.placement.partition.UnitGraph;
import dev.pipelinejob.placement.partition.scattered.Prover;
import dev.pipelinejob.placement.partition.scattered.ScatteredPartitioner;
import dev.pipelinejob.placement.partition.verify.Verifier;
import dev.pipelinejob.placement.workload.Devices;
import dev.pipelinejob.placement.workload.Workload;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ScatteredPartitionerIT {
    /// More are tried with `-Dplacement.oracle.instances=2500`; each starts a native search.
    private static final int INSTANCES = Integer.getInteger("placement.oracle.instances", 400);

    private static PartitionOutcome solve(Workload workload, int seed, Prover prover, double seconds) {
        return ScatteredPartitioner.solve(workload, seed, prover, SearchControl.seconds(seconds, System::nanoTime));
    }

    private static void requireVerified(Workload workload, PartitionOutcome outcome, String what) {
        Split split = PartitionOutcome.split(outcome);
        if (split == null) {
            return;
        }
        Map<String, String> assignment = new HashMap<>();
        int accelerators = workload.devices().accelerators();
        for (int node = 0; node < workload.nodes(); node++) {
            int device = split.deviceOfNode()[node];
            assignment.put(
                    workload.id(node),
                    device < accelerators ? "accelerator-" + device : "cpu-" + (device - accelerators));
        }
        boolean optimal = outcome instanceof PartitionOutcome.Optimal;
        Verifier.Claim claim = new Verifier.Claim(assignment, split.value(), split.lowerBound(), optimal, false);
        assertThat(Verifier.check(workload, claim)).as(what).isEmpty();
    }

    @Test
    void theSolverProvesWhatAnExhaustiveSearchFinds() {
        Prover prover = CpSat.prover(1, 1);
        assertThat(CpSat.isAvailable()).isTrue();
        for (int seed = 0; seed < INSTANCES; seed++) {
            String what = "seed " + seed;
            Workload workload = new RandomWorkloads(seed).next(6);
            double least = Exhaustive.any(workload);
            PartitionOutcome outcome = solve(workload, seed, prover, 60);
            if (Double.isInfinite(least)) {
                assertThat(outcome).as(what).isInstanceOf(PartitionOutcome.Infeasible.class);
            } else {
                assertThat(outcome).as(what).isInstanceOf(PartitionOutcome.Optimal.class);
                Split split = ((PartitionOutcome.Optimal) outcome).split();
                assertThat(split.value()).as(what).isEqualTo(least, within(1e-9 * Math.max(1, least)));
                requireVerified(workload, outcome, what);
            }
        }
    }

    @Test
    void namesAndOrderInTheFileDoNotChangeTheValue() {
        Prover prover = CpSat.prover(1, 1);
        for (int seed = 5_000_000; seed < 5_000_000 + INSTANCES / 8; seed++) {
            RandomWorkloads random = new RandomWorkloads(seed);
            Workload workload = random.next(10);
            Split one = PartitionOutcome.split(solve(workload, 1, prover, 60));
            Split other = PartitionOutcome.split(solve(random.relabelled(workload), 1, prover, 60));
            assertThat(one == null).as("seed " + seed).isEqualTo(other == null);
            if (one != null && other != null) {
                assertThat(other.value()).as("seed " + seed).isEqualTo(one.value(), within(1e-9));
            }
        }
    }

    @Test
    void exchangesBetterASplitAndKeepItLegal() {
        int better = 0;
        for (int seed = 0; seed < 8; seed++) {
            Workload workload = new RandomWorkloads(seed).next(30).on(new Devices(3, 1, 1e9));
            UnitGraph graph = Reduction.reduceScattered(workload);
            int[] even = new int[graph.units()];
            Arrays.setAll(even, unit -> graph.supported(unit) ? unit % 3 : 3);
            SearchControl control = SearchControl.seconds(60, System::nanoTime);

            int[] found = new NeighbourhoodSearch(graph, 1, 1, control).better(even);

            assertThat(graph.value(found)).as("seed " + seed).isLessThanOrEqualTo(graph.value(even));
            for (int unit = 0; unit < graph.units(); unit++) {
                assertThat(graph.supported(unit) || found[unit] == 3)
                        .as("seed " + seed)
                        .isTrue();
            }
            better += graph.value(found) < graph.value(even) ? 1 : 0;
        }
        assertThat(better).isPositive();
    }

    @Test
    void withoutASolverTheAnswerIsStillHonest() {
        for (int seed = 10_000; seed < 10_000 + INSTANCES; seed++) {
            String what = "seed " + seed;
            Workload workload = new RandomWorkloads(seed).next(6);
            double least = Exhaustive.any(workload);
            PartitionOutcome outcome = solve(workload, seed, Prover.NONE, 0.01);
            Split split = PartitionOutcome.split(outcome);
            assertThat(outcome instanceof PartitionOutcome.Infeasible && !Double.isInfinite(least))
                    .as(what)
                    .isFalse();
            if (split != null) {
                double slack = 1e-9 * Math.max(1, least);
                assertThat(split.value()).as(what).isGreaterThanOrEqualTo(least - slack);
                assertThat(split.lowerBound()).as(what).isLessThanOrEqualTo(least + slack);
                requireVerified(workload, outcome, what);
            }
        }
    }
}
