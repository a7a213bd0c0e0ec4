package dev.pipelinejob.placement.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pipelinejob.placement.partition.SearchControl;
import dev.pipelinejob.placement.replication.verify.StageVerifier;
import dev.pipelinejob.placement.workload.PiperProfile;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StagePlannerTest {
    private static final int INSTANCES = 3_000;

    private static PlanOutcome<StagePlan> plan(PiperProfile profile) {
        return StagePlanner.plan(profile, SearchControl.seconds(60, System::nanoTime));
    }

    private static List<String> findings(PiperProfile profile, StagePlan plan, boolean optimal) {
        List<StageVerifier.Stage> stages = plan.stages().stream()
                .map(stage -> new StageVerifier.Stage(stage.tensorDegree(), stage.replicas(), stage.choiceOfNode()))
                .toList();
        return StageVerifier.check(profile, new StageVerifier.Claim(stages, plan.value(), plan.lowerBound(), optimal));
    }

    @Test
    void noPlanOfAnExhaustiveSearchIsBetter() {
        int possible = 0;
        for (int seed = 0; seed < INSTANCES; seed++) {
            String what = "seed " + seed;
            Random random = new Random(seed);
            PiperProfile drawn = RandomProfile.of(random);
            PiperProfile profile =
                    drawn.nodes().size() > 3 || seed % 3 > 0 ? drawn : RandomProfile.withFreeLayers(drawn, random);
            double least = new EveryStagePlan(profile).least();
            PlanOutcome<StagePlan> outcome = plan(profile);
            if (Double.isInfinite(least)) {
                assertThat(outcome).as(what).isInstanceOf(PlanOutcome.Infeasible.class);
                continue;
            }
            possible++;
            assertThat(outcome).as(what).isInstanceOf(PlanOutcome.Optimal.class);
            StagePlan plan = Objects.requireNonNull(PlanOutcome.plan(outcome));
            assertThat(findings(profile, plan, true)).as(what).isEmpty();
            assertThat(plan.value()).as(what).isCloseTo(least, within(2e-9 * least));
            assertThat(plan.lowerBound()).as(what).isLessThanOrEqualTo(least * (1 + 1e-12));
        }
        assertThat(possible).isGreaterThan(INSTANCES / 2);
    }

    @Test
    void namesAndTheOrderOfTheFileDoNotMatter() {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            PiperProfile profile = RandomProfile.of(random);
            StagePlan plan = PlanOutcome.plan(plan(profile));
            StagePlan other = PlanOutcome.plan(plan(RandomProfile.shuffled(profile, random)));
            if (plan == null || other == null) {
                assertThat(plan).as("seed " + seed).isEqualTo(other);
            } else {
                assertThat(other.value()).as("seed " + seed).isCloseTo(plan.value(), within(2e-9 * plan.value()));
            }
        }
    }

    @ParameterizedTest(name = "{0} devices with {1} GiB")
    @CsvSource({"8, 4, 73.493286", "32, 1.5, 50.977195313", "128, 4, 4.305713560"})
    void aPublishedModelIsSolvedToTheOptimum(int devices, double gibibytes, double value) throws IOException {
        try (InputStream file = getClass().getResourceAsStream("/workloads/piper_resnet.json")) {
            double memory = gibibytes * (1L << 30);
            PiperProfile profile = PiperProfile.read(
                    Objects.requireNonNull(file),
                    new PiperProfile.FleetOptions(devices, memory, 25.0 * (1L << 30), null));
            PlanOutcome<StagePlan> outcome = plan(profile);
            assertThat(outcome).isInstanceOf(PlanOutcome.Optimal.class);
            StagePlan plan = Objects.requireNonNull(PlanOutcome.plan(outcome));
            assertThat(plan.value()).isCloseTo(value, within(1e-8 * value));
            assertThat(findings(profile, plan, true)).isEmpty();
        }
    }

    @Test
    void layersThatCostNothingMakeNoModelHarder() {
        int steps = 40;
        List<PiperProfile.Node> nodes = new ArrayList<>();
        List<PiperProfile.Edge> edges = new ArrayList<>();
        PiperProfile.Choice free = new PiperProfile.Choice("plain", 0, 0, 0, 0, Map.of(), Map.of());
        for (int step = 0; step < steps; step++) {
            PiperProfile.Choice way = new PiperProfile.Choice("plain", 1 + step % 7, 3, 1, 2, Map.of(), Map.of());
            nodes.add(new PiperProfile.Node("step" + step, Map.of(1, List.of(way))));
            if (step > 0) {
                edges.add(new PiperProfile.Edge(step - 1, step, 5));
            }
        }
        for (int step = 0; step < steps; step++) {
            edges.add(new PiperProfile.Edge(nodes.size(), step, 0));
            nodes.add(new PiperProfile.Node("hidden" + step, Map.of(1, List.of(free))));
        }
        PiperProfile profile =
                new PiperProfile(nodes, edges, new PiperProfile.Fleet(8, Double.POSITIVE_INFINITY, 10, 32));
        StagePlan plan = Objects.requireNonNull(PlanOutcome.plan(plan(profile)));
        assertThat(findings(profile, plan, true)).isEmpty();
        assertThat(plan.lowerBound()).isCloseTo(plan.value(), within(2e-9 * plan.value()));

        PiperProfile small = profile.on(new PiperProfile.Fleet(2, 60, 10, 32));
        assertThat(plan(small))
                .isInstanceOfSatisfying(PlanOutcome.Infeasible.class, infeasible -> assertThat(infeasible.reason())
                        .contains("2 devices"));
    }

    @Test
    void aModelThatNoDeviceHoldsIsInfeasibleWithAReason() throws IOException {
        try (InputStream file = getClass().getResourceAsStream("/workloads/piper_resnet.json")) {
            PiperProfile profile =
                    PiperProfile.read(Objects.requireNonNull(file), new PiperProfile.FleetOptions(8, 1e6, null, null));
            assertThat(plan(profile))
                    .isInstanceOfSatisfying(PlanOutcome.Infeasible.class, infeasible -> assertThat(infeasible.reason())
                            .contains("needs at least", "but a device has 1000000."));
        }
    }

    @Test
    void timeThatIsOverIsSaid() {
        PiperProfile profile = RandomProfile.of(new Random(1));
        assertThat(StagePlanner.plan(profile, SearchControl.seconds(0, System::nanoTime)))
                .isInstanceOf(PlanOutcome.OutOfTime.class);
    }
}
