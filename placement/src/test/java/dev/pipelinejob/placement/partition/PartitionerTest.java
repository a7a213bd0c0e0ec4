package dev.pipelinejob.placement.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pipelinejob.placement.partition.verify.Verifier;
import dev.pipelinejob.placement.workload.Devices;
import dev.pipelinejob.placement.workload.Format;
import dev.pipelinejob.placement.workload.ReadOptions;
import dev.pipelinejob.placement.workload.Units;
import dev.pipelinejob.placement.workload.Workload;
import dev.pipelinejob.placement.workload.WorkloadReader;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PartitionerTest {
    private static final int INSTANCES = 4000;

    private static SearchControl minutes() {
        return SearchControl.seconds(600, System::nanoTime);
    }

    private static Workload resource(String name, Format format, ReadOptions options) throws IOException {
        try (InputStream stream =
                Objects.requireNonNull(PartitionerTest.class.getResourceAsStream("/workloads/" + name), name)) {
            return WorkloadReader.read(stream, format, options);
        }
    }

    private static Split proved(PartitionOutcome outcome, String what) {
        assertThat(outcome).as(what).isInstanceOf(PartitionOutcome.Optimal.class);
        return ((PartitionOutcome.Optimal) outcome).split();
    }

    private static Map<String, String> assignment(Workload workload, Split split) {
        Map<String, String> assignment = new HashMap<>();
        int[] devices = split.deviceOfNode();
        int accelerators = workload.devices().accelerators();
        for (int node = 0; node < devices.length; node++) {
            String device = devices[node] < accelerators
                    ? "accelerator-" + devices[node]
                    : "cpu-" + (devices[node] - accelerators);
            assignment.put(workload.id(node), device);
        }
        return assignment;
    }

    private static void requireVerified(Workload workload, Split split, String what) {
        Verifier.Claim claim =
                new Verifier.Claim(assignment(workload, split), split.value(), split.lowerBound(), true, true);
        assertThat(Verifier.check(workload, claim)).as(what).isEmpty();
    }

    @Test
    void noAssignmentOfASmallWorkloadBeatsTheProvedSplit() {
        for (int instance = 0; instance < INSTANCES; instance++) {
            String what = "seed " + instance;
            Workload workload = new RandomWorkloads(instance).next(7);
            double least = Exhaustive.contiguous(workload);
            PartitionOutcome outcome = Partitioner.solve(workload, instance, minutes());
            if (Double.isInfinite(least)) {
                assertThat(outcome).as(what).isInstanceOf(PartitionOutcome.Infeasible.class);
            } else {
                Split split = proved(outcome, what);
                assertThat(split.value()).as(what).isEqualTo(least, within(1e-9 * Math.max(1, least)));
                requireVerified(workload, split, what);
            }
        }
    }

    @Test
    void namesAndOrderInTheFileDoNotChangeTheValue() {
        for (int instance = 0; instance < 300; instance++) {
            RandomWorkloads random = new RandomWorkloads(1_000_000 + instance);
            Workload workload = random.next(14);
            PartitionOutcome one = Partitioner.solve(workload, 1, minutes());
            PartitionOutcome other = Partitioner.solve(random.relabelled(workload), 1, minutes());
            assertThat(other.getClass()).as("seed " + instance).isEqualTo(one.getClass());
            if (one instanceof PartitionOutcome.Optimal(Split split)) {
                assertThat(proved(other, "seed " + instance).value()).isEqualTo(split.value(), within(1e-9));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "layer_bert24_inference.json, 17.7899, 20.5911",
        "layer_bert24_training.json, 41.7458, 46.6082",
        "layer_gnmt_inference.json, 32.9107, 44.7822",
        "layer_inceptionv3_inference.json, 51.5519, 158.502",
        "layer_resnet50_inference.json, 33.7747, 181.9",
        "layer_resnet50_training.json, 78.6318, 479.038",
        "operator_bert_l-3_inference.json, 27.9186, 27.9186",
        "operator_bert_l-3_training.json, 65.3031, 65.3031",
    })
    void thePublishedOptimaAreProvedInBothUnits(String name, double official, double corrected) throws IOException {
        for (Units units : Units.values()) {
            Workload workload = resource(name, Format.DNN_PARTITIONING, new ReadOptions(units, 25e9, null, null, null));
            Split split = proved(Partitioner.solve(workload, 1, minutes()), name);
            double expected = units == Units.OFFICIAL ? official : corrected;
            assertThat(split.value()).isEqualTo(expected, within(expected * 3e-6));
            requireVerified(workload, split, name);
        }
    }

    @ParameterizedTest
    @CsvSource({"pipedream_gnmt.txt, 20.0177", "pipedream_resnet18.txt, 485.956"})
    void profilesOfPipeDreamAreProved(String name, double expected) throws IOException {
        Workload workload = resource(name, Format.PIPEDREAM, new ReadOptions(Units.OFFICIAL, 25e9, 8, null, null));

        Split split = proved(Partitioner.solve(workload, 1, minutes()), name);

        assertThat(split.value()).isEqualTo(expected, within(expected * 3e-6));
        requireVerified(workload, split, name);
    }

    @Test
    void moreDevicesNeverMakeTheValueWorse() throws IOException {
        Workload workload = resource("layer_gnmt_inference.json", Format.DNN_PARTITIONING, ReadOptions.AS_IN_FILE);
        double before = Double.POSITIVE_INFINITY;
        for (int accelerators : new int[] {2, 6, 16, 32, 64}) {
            Workload more = workload.on(new Devices(accelerators, 1, 17_185_374_208.0));
            Split split = proved(Partitioner.solve(more, 1, minutes()), accelerators + " accelerators");
            assertThat(split.value()).isLessThanOrEqualTo(before);
            before = split.value();
        }
    }

    @Test
    void theSameSeedGivesTheSameSplit() throws IOException {
        Workload workload = resource("layer_gnmt_inference.json", Format.DNN_PARTITIONING, ReadOptions.AS_IN_FILE);

        assertThat(Partitioner.solve(workload, 5, minutes())).isEqualTo(Partitioner.solve(workload, 5, minutes()));
    }

    @Test
    void whenCancelledBeforeItStartsThereIsNoAnswer() throws IOException {
        Workload workload = resource("layer_gnmt_inference.json", Format.DNN_PARTITIONING, ReadOptions.AS_IN_FILE);
        SearchControl cancelled = new SearchControl(System::nanoTime, Long.MAX_VALUE, () -> true, 1 << 30);

        assertThat(Partitioner.solve(workload, 1, cancelled)).isInstanceOf(PartitionOutcome.OutOfTime.class);
    }

    @Test
    void withoutMemoryForAProofTheGapIsHonest() throws IOException {
        Workload workload =
                resource("operator_bert_l-3_training.json", Format.DNN_PARTITIONING, ReadOptions.AS_IN_FILE);
        AtomicLong ticks = new AtomicLong();
        SearchControl small = new SearchControl(ticks::incrementAndGet, 5000, () -> false, 1 << 10);

        PartitionOutcome outcome = Partitioner.solve(workload, 1, small);

        assertThat(outcome).isInstanceOf(PartitionOutcome.Feasible.class);
        Split split = ((PartitionOutcome.Feasible) outcome).split();
        assertThat(split.value()).isGreaterThanOrEqualTo(65.3031);
        assertThat(split.lowerBound()).isLessThanOrEqualTo(65.3032).isPositive();
    }
}
