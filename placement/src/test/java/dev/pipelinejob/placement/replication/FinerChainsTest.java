package dev.pipelinejob.placement.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pipelinejob.placement.partition.SearchControl;
import dev.pipelinejob.placement.workload.PipeDreamProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FinerChainsTest {
    private static final int INSTANCES = 2_000;

    private static PipeDreamProfile random(Random random) {
        int count = 1 + random.nextInt(6);
        List<PipeDreamProfile.Edge> edges = new ArrayList<>();
        List<PipeDreamProfile.Layer> layers = new ArrayList<>();
        for (int target = 0; target < count; target++) {
            for (int source = 0; source < target; source++) {
                if (random.nextInt(2) == 0) {
                    edges.add(new PipeDreamProfile.Edge(source, target));
                }
            }
            int millis = target == 0 ? 1 : random.nextInt(9);
            layers.add(new PipeDreamProfile.Layer("n" + target, true, millis, random.nextInt(4)));
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

    private static int[][] before(PipeDreamProfile profile) {
        return IntStream.range(0, profile.layers().size())
                .mapToObj(layer -> profile.edges().stream()
                        .filter(edge -> edge.target() == layer)
                        .mapToInt(PipeDreamProfile.Edge::source)
                        .toArray())
                .toArray(int[][]::new);
    }

    @Test
    void endsWithTheBestOfAllPlansAndNeverRefusesOne() {
        for (int seed = 0; seed < INSTANCES; seed++) {
            Random random = new Random(seed);
            PipeDreamProfile profile = random(random);
            List<MachineLevel> levels = levels(random);
            double[] millis = profile.layers().stream()
                    .mapToDouble(PipeDreamProfile.Layer::millis)
                    .toArray();
            double[] bytes = profile.layers().stream()
                    .mapToDouble(PipeDreamProfile.Layer::parameterBytes)
                    .toArray();
            double alone = 1
                    + profile.layers().stream()
                            .mapToDouble(PipeDreamProfile.Layer::millis)
                            .sum();
            FinerChains.Known known = new FinerChains.Known(
                    IntStream.range(0, millis.length).toArray(),
                    List.of(),
                    alone,
                    LevelBound.of(levels, millis, bytes));
            FinerChains.Known finer = FinerChains.search(
                    levels, before(profile), millis, bytes, known, SearchControl.seconds(60, System::nanoTime));
            double least = new EveryLevelPlan(profile, levels).least();
            assertThat(finer.value()).as("value, seed " + seed).isCloseTo(least, within(1e-8 * alone));
            assertThat(finer.bound())
                    .as("bound, seed " + seed)
                    .isLessThanOrEqualTo(least * (1 + 1e-9))
                    .isCloseTo(least, within(1e-8 * alone));
        }
    }
}
