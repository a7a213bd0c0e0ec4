package dev.pipelinejob.placement.partition.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CutRuleTest {
    private static double[] sums(CutRule rule, double[] work, int parts) {
        int[] ends = rule.ends(work, parts);
        double[] sums = new double[parts];
        int from = 0;
        for (int part = 0; part < parts; part++) {
            sums[part] = Arrays.stream(work, from, ends[part]).sum();
            from = ends[part];
        }
        assertThat(from).isEqualTo(work.length);
        return sums;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            1 1 1 1 1 1 1 1         | 2 | 3 5     | 4 4
            1 1 1 1 1 1 1 1         | 4 | 1 2 2 3 | 2 2 2 2
            1 1 1 1 1 1 1 1 1 1 1 1 | 4 | 2 3 3 4 | 3 3 3 3
            1 1 1 1 10              | 3 | 4 0 10  | 2 2 10
            10 1 1 1 1              | 3 | 0 0 14  | 10 2 2
            """)
    void theShippedRuleIsNotTheOneOfLeastVariance(String work, int parts, String shipped, String leastVariance) {
        double[] layers =
                Arrays.stream(work.split(" ")).mapToDouble(Double::parseDouble).toArray();

        assertThat(text(sums(CutRule.GPIPE_SHIPPED, layers, parts))).isEqualTo(shipped);
        assertThat(text(sums(CutRule.MIN_VARIANCE, layers, parts))).isEqualTo(leastVariance);
    }

    private static String text(double[] sums) {
        return Arrays.stream(sums).mapToObj(sum -> Integer.toString((int) sum)).collect(Collectors.joining(" "));
    }

    @Test
    void noCutIsMoreEvenOrHasASmallerLargestPart() {
        int leastVarianceIsNotLeastMaximum = 0;
        for (int seed = 0; seed < 2_000; seed++) {
            Random random = new Random(seed);
            double[] work = random.doubles(2 + random.nextInt(7), 0, 10).toArray();
            int parts = 2 + random.nextInt(3);
            double[] best = {Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY};
            everyCut(work, parts, 0, 0, 0, best);
            double[] even = sums(CutRule.MIN_VARIANCE, work, parts);
            double[] low = sums(CutRule.MIN_MAX, work, parts);
            String what = "seed " + seed;
            double squares = Arrays.stream(even).map(sum -> sum * sum).sum();
            assertThat(squares).as(what).isEqualTo(best[0], within(1e-9 * best[0]));
            double largest = Arrays.stream(low).max().orElseThrow();
            assertThat(largest).as(what).isEqualTo(best[1], within(1e-9 * best[1]));
            boolean worse = Arrays.stream(even).max().orElseThrow() > largest * (1 + 1e-9);
            leastVarianceIsNotLeastMaximum += worse ? 1 : 0;
        }
        assertThat(leastVarianceIsNotLeastMaximum).isPositive();
    }

    private static void everyCut(double[] work, int parts, int from, double squares, double largest, double[] best) {
        double sum = 0;
        for (int end = from; end <= work.length; end++) {
            if (parts == 1) {
                sum = Arrays.stream(work, from, work.length).sum();
                best[0] = Math.min(best[0], squares + sum * sum);
                best[1] = Math.min(best[1], Math.max(largest, sum));
                return;
            }
            everyCut(work, parts - 1, end, squares + sum * sum, Math.max(largest, sum), best);
            sum += end < work.length ? work[end] : 0;
        }
    }
}
