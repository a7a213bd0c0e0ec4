package dev.pipelinejob.placement.partition.phases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pipelinejob.placement.partition.Exhaustive;
import dev.pipelinejob.placement.partition.PartitionOutcome;
import dev.pipelinejob.placement.partition.Partitioner;
import dev.pipelinejob.placement.partition.RandomWorkloads;
import dev.pipelinejob.placement.partition.SearchControl;
import dev.pipelinejob.placement.partition.Split;
import dev.pipelinejob.placement.partition.verify.PhaseVerifier;
import dev.pipelinejob.placement.partition.verify.Verifier;
import dev.pipelinejob.placement.workload.Format;
import dev.pipelinejob.placement.workload.ReadOptions;
import dev.pipelinejob.placement.workload.Workload;
import dev.pipelinejob.placement.workload.WorkloadReader;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PhasePartitionerTest {
    private static final int INSTANCES = 3_000;

    private static SearchControl minutes() {
        return SearchControl.seconds(600, System::nanoTime);
    }

    private static Split proved(PartitionOutcome outcome, String what) {
        assertThat(outcome).as(what).isInstanceOf(PartitionOutcome.Optimal.class);
        return ((PartitionOutcome.Optimal) outcome).split();
    }

    private static void requireVerified(Workload workload, Split split, boolean optimal, String what) {
        Map<String, String> assignment = new HashMap<>();
        int accelerators = workload.devices().accelerators();
        int[] deviceOfNode = split.deviceOfNode();
        for (int node = 0; node < workload.nodes(); node++) {
            int device = deviceOfNode[node];
            assignment.put(
                    workload.id(node),
                    device < accelerators ? "accelerator-" + device : "cpu-" + (device - accelerators));
        }
        Verifier.Claim claim = new Verifier.Claim(assignment, split.value(), split.lowerBound(), optimal, true);
        assertThat(PhaseVerifier.check(workload, claim)).as(what).isEmpty();
    }

    @Test
    void noAssignmentOfASmallWorkloadBeatsTheProvedSplit() {
        for (int seed = 0; seed < INSTANCES; seed++) {
            String what = "seed " + seed;
            Workload workload = new RandomWorkloads(seed).next(7);
            double least = Exhaustive.contiguousPhases(workload);
            PartitionOutcome outcome = PhasePartitioner.solve(workload, seed, minutes());
            if (Double.isInfinite(least)) {
                assertThat(outcome).as(what).isInstanceOf(PartitionOutcome.Infeasible.class);
            } else {
                Split split = proved(outcome, what);
                assertThat(split.value()).as(what).isEqualTo(least, within(1e-9 * Math.max(1, least)));
                requireVerified(workload, split, true, what);
            }
        }
    }

    @Test
    void anAnswerCutShortIsHonest() {
        for (int seed = 0; seed < 500; seed++) {
            String what = "seed " + seed;
            Workload workload = new RandomWorkloads(seed).next(7);
            double least = Exhaustive.contiguousPhases(workload);
            AtomicLong ticks = new AtomicLong();
            SearchControl brief = new SearchControl(ticks::incrementAndGet, 60 + seed, () -> false, 1 << 10);
            PartitionOutcome outcome = PhasePartitioner.solve(workload, seed, brief);
            Split split = PartitionOutcome.split(outcome);
            if (split != null) {
                double slack = 1e-9 * Math.max(1, least);
                boolean optimal = outcome instanceof PartitionOutcome.Optimal;
                assertThat(split.value()).as(what).isGreaterThanOrEqualTo(least - slack);
                assertThat(split.lowerBound()).as(what).isLessThanOrEqualTo(least + slack);
                assertThat(!optimal || split.value() <= least + slack).as(what).isTrue();
                requireVerified(workload, split, optimal, what);
            }
        }
    }

    @Test
    void namesAndOrderInTheFileDoNotChangeTheValue() {
        for (int seed = 0; seed < 200; seed++) {
            RandomWorkloads random = new RandomWorkloads(3_000_000 + seed);
            Workload workload = random.next(14);
            PartitionOutcome one = PhasePartitioner.solve(workload, 1, minutes());
            PartitionOutcome other = PhasePartitioner.solve(random.relabelled(workload), 1, minutes());
            assertThat(other.getClass()).as("seed " + seed).isEqualTo(one.getClass());
            if (one instanceof PartitionOutcome.Optimal(Split split)) {
                assertThat(proved(other, "seed " + seed).value()).isEqualTo(split.value(), within(1e-9));
            }
        }
    }

    @Test
    void aPublishedTrainingInputIsProvedBetweenItsThroughputAndTwiceThat() throws IOException {
        for (String name : new String[] {"layer_bert24_training.json", "layer_resnet50_training.json"}) {
            Workload workload;
            try (InputStream stream =
                    Objects.requireNonNull(PhasePartitionerTest.class.getResourceAsStream("/workloads/" + name))) {
                workload = WorkloadReader.read(stream, Format.DNN_PARTITIONING, ReadOptions.AS_IN_FILE);
            }
            double throughput =
                    proved(Partitioner.solve(workload, 1, minutes()), name).value();

            Split split = proved(PhasePartitioner.solve(workload, 1, minutes()), name);

            assertThat(split.value()).isBetween(throughput * (1 - 1e-9), 2 * throughput);
            requireVerified(workload, split, true, name);
        }
    }
}
