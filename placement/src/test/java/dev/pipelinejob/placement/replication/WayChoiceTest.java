package dev.pipelinejob.placement.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class WayChoiceTest {
    private static double least(double[][] seconds, double[][] bytes, double memory, int layer) {
        if (layer == seconds.length) {
            return memory >= 0 ? 0 : Double.POSITIVE_INFINITY;
        }
        double least = Double.POSITIVE_INFINITY;
        for (int way = 0; way < seconds[layer].length; way++) {
            double rest = least(seconds, bytes, memory - bytes[layer][way], layer + 1);
            least = Math.min(least, seconds[layer][way] + rest);
        }
        return least;
    }

    @Test
    void noChoiceIsFasterThanTheRefinedOneNorBelowTheBound() {
        for (int seed = 0; seed < 5_000; seed++) {
            Random random = new Random(seed);
            int layers = 1 + random.nextInt(6);
            double[][] seconds = new double[layers][];
            double[][] bytes = new double[layers][];
            for (int layer = 0; layer < layers; layer++) {
                int ways = 1 + random.nextInt(3);
                seconds[layer] = random.doubles(ways, 0, 4).map(Math::rint).toArray();
                bytes[layer] = random.doubles(ways, 0, 5).map(Math::rint).toArray();
            }
            double memory = random.nextInt(16);
            double least = least(seconds, bytes, memory, 0);

            WayChoice choice = new WayChoice(seconds, bytes, memory);
            assertThat(choice.lower()).as("seed " + seed).isLessThanOrEqualTo(least);
            assertThat(choice.upper()).as("seed " + seed).isGreaterThanOrEqualTo(least);
            choice.refine();
            assertThat(choice.upper() == least || Math.abs(choice.upper() - least) < 1e-9)
                    .as("seed " + seed + ": " + choice.upper() + " instead of " + least)
                    .isTrue();
            if (!Double.isInfinite(least)) {
                assertThat(choice.lower()).as("seed " + seed).isCloseTo(least, within(1e-9));
            }
        }
    }
}
