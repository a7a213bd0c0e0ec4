package dev.pipelinejob.placement.partition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipelinejob.placement.workload.Devices;
import dev.pipelinejob.placement.workload.Workload;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class CoverBoundTest {
    private static final int INSTANCES = Integer.getInteger("placement.oracle.instances", 2_500);

    private static double raised(UnitGraph graph, boolean contiguous, double known) {
        SearchControl control = SearchControl.seconds(60, System::nanoTime);
        return new CoverBound(graph, contiguous, known, control).raise(new Bounds(graph).any());
    }

    @Test
    void noSplitOfAnyShapeIsBelowTheBound() {
        int raised = 0;
        for (int seed = 0; seed < INSTANCES; seed++) {
            Workload workload = new RandomWorkloads(seed).next(6);
            double least = Exhaustive.any(workload);
            if (Double.isInfinite(least)) {
                continue;
            }
            UnitGraph graph = Reduction.reduceScattered(workload);
            double bound = raised(graph, false, least * (1 + seed % 3 / 4.0));
            assertThat(bound).as("seed " + seed).isLessThanOrEqualTo(least * (1 + 1e-9));
            raised += bound > new Bounds(graph).any() * (1 + 1e-9) ? 1 : 0;
        }
        assertThat(raised).as("raised at all").isGreaterThan(INSTANCES / 10);
    }

    @Test
    void noContiguousSplitIsBelowTheBoundForContiguousOnes() {
        int raised = 0;
        for (int seed = 20_000; seed < 20_000 + INSTANCES; seed++) {
            Workload workload = new RandomWorkloads(seed).next(6);
            double least = Exhaustive.contiguous(workload);
            if (Double.isInfinite(least)) {
                continue;
            }
            UnitGraph graph = Reduction.reduce(workload);
            double known = least * (1 + seed % 3 / 4.0);
            double bound = raised(graph, true, known);
            assertThat(bound).as("seed " + seed).isLessThanOrEqualTo(least * (1 + 1e-9));
            boolean compared = seed % 10 == 0;
            raised += compared && bound > raised(graph, false, known) * (1 + 1e-9) ? 1 : 0;
        }
        assertThat(raised).as("raised above what holds for any shape").isPositive();
    }

    @Test
    void theLeastLoadForEarningsIsThatOfTheBestSetOfUnits() {
        for (int seed = 40_000; seed < 40_400; seed++) {
            Workload workload = new RandomWorkloads(seed).next(7).on(new Devices(2, 0, 1e9));
            UnitGraph graph = Reduction.reduceScattered(workload);
            int[] earnings = new int[graph.units];
            for (int unit = 0; unit < graph.units; unit++) {
                earnings[unit] = (seed + 7 * unit) % 5;
            }
            boolean[] counts = new boolean[graph.nets()];
            Arrays.fill(counts, true);
            ShareProfile profile = new ShareProfile(
                    Objects.requireNonNull(ShareStates.of(graph, counts, false, 1e9, 10_000)), graph.units, 12, 1e9);
            double[] least = profile.least(earnings);
            for (int earned = 0; earned <= 12; earned++) {
                assertThat(least[earned])
                        .as("seed " + seed + ", " + earned)
                        .isEqualTo(bySubsets(graph, earnings, earned, earned == 12));
            }
        }
    }

    private static double bySubsets(UnitGraph graph, int[] earnings, int earned, boolean orMore) {
        double least = Double.POSITIVE_INFINITY;
        for (int subset = 0; subset < 1 << graph.units; subset++) {
            int sum = 0;
            boolean supported = true;
            int[] deviceOfUnit = new int[graph.units];
            for (int unit = 0; unit < graph.units; unit++) {
                boolean in = (subset >> unit & 1) != 0;
                sum += in ? earnings[unit] : 0;
                supported &= !in || graph.supported[unit];
                deviceOfUnit[unit] = in ? 0 : 1;
            }
            if (supported && (orMore ? sum >= earned : sum == earned)) {
                least = Math.min(least, graph.loads(deviceOfUnit)[0]);
            }
        }
        return least;
    }
}
