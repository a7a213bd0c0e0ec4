package dev.pipelinejob.placement.partition.latency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pipelinejob.placement.partition.PartitionOutcome;
import dev.pipelinejob.placement.partition.RandomWorkloads;
import dev.pipelinejob.placement.partition.SearchControl;
import dev.pipelinejob.placement.partition.Split;
import dev.pipelinejob.placement.partition.verify.LatencyVerifier;
import dev.pipelinejob.placement.partition.verify.Verifier;
import dev.pipelinejob.placement.workload.Workload;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LatencyPartitionerTest {
    private static final int INSTANCES = 2_500;

    private static boolean isForward(Workload workload) {
        for (int node = 0; node < workload.nodes(); node++) {
            if (workload.backward(node)) {
                return false;
            }
        }
        return true;
    }

    @Test
    void claimsOnSmallGraphsAreHonest() {
        int tried = 0;
        int best = 0;
        for (int seed = 0; tried < INSTANCES; seed++) {
            Workload workload = new RandomWorkloads(seed).next(6);
            if (!isForward(workload)) {
                continue;
            }
            String what = "seed " + seed;
            double least = new LatencyExhaustive(workload).least();
            PartitionOutcome outcome =
                    LatencyPartitioner.solve(workload, seed, SearchControl.seconds(0.02, System::nanoTime));
            Split split = PartitionOutcome.split(outcome);
            if (Double.isInfinite(least)) {
                assertThat(split).as(what).isNull();
                continue;
            }
            tried++;
            assertThat(outcome).as(what).isNotInstanceOf(PartitionOutcome.Infeasible.class);
            if (split != null) {
                boolean optimal = outcome instanceof PartitionOutcome.Optimal;
                double slack = 1e-9 * Math.max(1, least);
                assertThat(split.value()).as(what).isGreaterThanOrEqualTo(least - slack);
                assertThat(split.lowerBound()).as(what).isLessThanOrEqualTo(least + slack);
                assertThat(!optimal || split.value() <= least + slack).as(what).isTrue();
                Verifier.Claim claim = new Verifier.Claim(
                        assignment(workload, split), split.value(), split.lowerBound(), optimal, true);
                assertThat(LatencyVerifier.check(workload, claim)).as(what).isEmpty();
                best += split.value() <= least + slack ? 1 : 0;
            }
        }
        assertThat(best).as("best possible of " + tried).isGreaterThan(tried * 8 / 10);
    }

    @Test
    void namesAndOrderInTheFileDoNotChangeTheValue() {
        int tried = 0;
        for (int seed = 4_000_000; tried < 200; seed++) {
            RandomWorkloads random = new RandomWorkloads(seed);
            Workload workload = random.next(8);
            if (!isForward(workload)) {
                continue;
            }
            tried++;
            SearchControl enough = SearchControl.seconds(600, System::nanoTime);
            Split one = PartitionOutcome.split(LatencyPartitioner.solve(workload, 1, enough));
            Split other = PartitionOutcome.split(LatencyPartitioner.solve(random.relabelled(workload), 1, enough));
            assertThat(one == null).as("seed " + seed).isEqualTo(other == null);
            if (one != null && other != null) {
                assertThat(other.value()).as("seed " + seed).isEqualTo(one.value(), within(1e-9));
            }
        }
    }

    private static Map<String, String> assignment(Workload workload, Split split) {
        Map<String, String> assignment = new HashMap<>();
        int accelerators = workload.devices().accelerators();
        for (int node = 0; node < workload.nodes(); node++) {
            int device = split.deviceOfNode()[node];
            assignment.put(workload.id(node), device < accelerators ? "accelerator-" + device : "cpu-0");
        }
        return assignment;
    }
}
