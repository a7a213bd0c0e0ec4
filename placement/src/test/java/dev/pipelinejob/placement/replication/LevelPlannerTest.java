package dev.pipelinejob.placement.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pipelinejob.placement.partition.SearchControl;
import dev.pipelinejob.placement.replication.verify.LevelVerifier;
import dev.pipelinejob.placement.workload.PipeDreamProfile;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LevelPlannerTest {
    private static final int INSTANCES = 2_500;

    private static PipeDreamProfile random(Random random) {
        int count = 1 + random.nextInt(5);
        List<PipeDreamProfile.Edge> edges = new ArrayList<>();
        for (int source = 0; source < count; source++) {
            for (int target = source + 1; target < count; target++) {
                if (random.nextInt(2) == 0) {
                    edges.add(new PipeDreamProfile.Edge(source, target));
                }
            }
        }
        List<PipeDreamProfile.Layer> layers = new ArrayList<>();
        for (int layer = 0; layer < count; layer++) {
            int number = layer;
            boolean end = edges.stream().noneMatch(edge -> edge.source() == number)
                    || edges.stream().noneMatch(edge -> edge.target() == number);
            boolean counts = !end || layer == 0 || random.nextInt(5) > 0;
            layers.add(new PipeDreamProfile.Layer("n" + layer, counts, random.nextInt(9), random.nextInt(4)));
        }
        return new PipeDreamProfile(layers, edges);
    }

    private static List<MachineLevel> levels(Random random) {
        List<MachineLevel> levels = new ArrayList<>();
        for (int level = 0; level <= random.nextInt(3); level++) {
            levels.add(new MachineLevel(1 + random.nextInt(3), 500 * (1 + random.nextInt(8))));
        }
        return levels;
    }

    private static PlanOutcome<LevelPlan> plan(PipeDreamProfile profile, List<MachineLevel> levels) {
        return LevelPlanner.plan(profile, levels, SearchControl.seconds(60, System::nanoTime));
    }

    private static List<LevelVerifier.Part> parts(List<LevelPlan.Part> parts) {
        return parts.stream()
                .map(part -> new LevelVerifier.Part(part.replicas(), parts(part.parts()), part.layers()))
                .toList();
    }

    private static List<String> findings(
            PipeDreamProfile profile, List<MachineLevel> levels, LevelPlan plan, boolean optimal) {
        return LevelVerifier.check(
                profile,
                levels.stream()
                        .map(level -> new LevelVerifier.Level(level.machines(), level.bandwidthBytesPerSecond()))
                        .toList(),
                new LevelVerifier.Claim(parts(plan.parts()), plan.value(), plan.lowerBound(), optimal));
    }

    @Test
    void noPlanOfAnExhaustiveSearchIsBetter() {
        for (int seed = 0; seed < INSTANCES; seed++) {
            Random random = new Random(seed);
            PipeDreamProfile profile = random(random);
            List<MachineLevel> levels = levels(random);
            double least = new EveryLevelPlan(profile, levels).least();
            PlanOutcome<LevelPlan> outcome = plan(profile, levels);
            assertThat(outcome).as("seed " + seed).isInstanceOf(PlanOutcome.Optimal.class);
            LevelPlan plan = Objects.requireNonNull(PlanOutcome.plan(outcome));
            assertThat(plan.value()).as("seed " + seed).isCloseTo(least, within(1e-9 * Math.max(1, least)));
            assertThat(findings(profile, levels, plan, true)).as("seed " + seed).isEmpty();
        }
    }

    @Test
    void noPlanOfAnExhaustiveSearchIsBelowTheBoundOfWorkAndParameters() {
        for (int seed = 0; seed < INSTANCES; seed++) {
            Random random = new Random(seed);
            PipeDreamProfile profile = random(random);
            List<MachineLevel> levels = levels(random);
            double[] millis = profile.layers().stream()
                    .filter(PipeDreamProfile.Layer::counts)
                    .mapToDouble(PipeDreamProfile.Layer::millis)
                    .toArray();
            double[] bytes = profile.layers().stream()
                    .filter(PipeDreamProfile.Layer::counts)
                    .mapToDouble(PipeDreamProfile.Layer::parameterBytes)
                    .toArray();
            assertThat(LevelBound.of(levels, millis, bytes))
                    .as("seed " + seed)
                    .isLessThanOrEqualTo(new EveryLevelPlan(profile, levels).least() + 1e-9);
        }
    }

    @Test
    void namesAndTheOrderOfTheFileDoNotMatter() throws IOException {
        for (String name : List.of("gnmt", "nasnetamobile")) {
            PipeDreamProfile profile = profile(name);
            Random random = new Random(7);
            List<Integer> order = new ArrayList<>();
            profile.layers().forEach(_ -> order.add(order.size()));
            Collections.shuffle(order, random);
            List<PipeDreamProfile.Layer> layers = new ArrayList<>();
            for (int layer : order) {
                PipeDreamProfile.Layer old = profile.layers().get(layer);
                layers.add(new PipeDreamProfile.Layer(
                        "x" + layers.size(), old.counts(), old.millis(), old.parameterBytes()));
            }
            List<PipeDreamProfile.Edge> edges = new ArrayList<>();
            for (PipeDreamProfile.Edge edge : profile.edges()) {
                edges.add(new PipeDreamProfile.Edge(order.indexOf(edge.source()), order.indexOf(edge.target())));
            }
            Collections.shuffle(edges, random);
            List<MachineLevel> levels = List.of(new MachineLevel(8, 1e9));
            double value = Objects.requireNonNull(PlanOutcome.plan(plan(profile, levels)))
                    .value();
            double other = Objects.requireNonNull(PlanOutcome.plan(plan(new PipeDreamProfile(layers, edges), levels)))
                    .value();
            assertThat(other).as(name).isCloseTo(value, within(1e-9 * value));
        }
    }

    /// Values of PipeDream's optimizer, whose results were recomputed from its rules.
    @ParameterizedTest
    @CsvSource({
        "resnet18, 4, 65.918",
        "resnet18, 16, 18.237135111",
        "resnet18, 4x4, 17.09254",
        "resnet18, 8x2, 16.647812733",
        "gnmt, 4x4, 11.081",
        "gnmt, 8x2, 8.859966637"
    })
    void noPublishedProfileTakesLongerThanWithItsOwnOptimizer(String name, String machines, double value)
            throws IOException {
        List<MachineLevel> levels =
                switch (machines) {
                    case "4x4" -> List.of(new MachineLevel(4, 1e10), new MachineLevel(4, 1e9));
                    case "8x2" -> List.of(new MachineLevel(8, 3e10), new MachineLevel(2, 3.125e9));
                    default -> List.of(new MachineLevel(Integer.parseInt(machines), 1e9));
                };
        PipeDreamProfile profile = profile(name);
        LevelPlan plan = Objects.requireNonNull(PlanOutcome.plan(plan(profile, levels)));
        assertThat(plan.value()).isLessThanOrEqualTo(value * (1 + 1e-9));
        assertThat(findings(profile, levels, plan, true)).isEmpty();
    }

    private PipeDreamProfile profile(String name) throws IOException {
        try (InputStream file = getClass().getResourceAsStream("/workloads/pipedream_" + name + ".txt")) {
            return PipeDreamProfile.read(Objects.requireNonNull(file));
        }
    }
}
