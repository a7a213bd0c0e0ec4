package dev.pipelinejob.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pipelinejob.worker.engine.catalogue.CounterRandom;
import java.nio.FloatBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class CounterRandomTest {
    private static final int COUNT = 200_000;

    private static float[] mask(long counter, int layer, int site, int count) {
        FloatBuffer buffer = FloatBuffer.allocate(count);
        CounterRandom.ofDropout(1, counter, layer, site).fillMask(buffer, 0.1);
        return buffer.array();
    }

    private static float[] normal(String name, int count) {
        FloatBuffer buffer = FloatBuffer.allocate(count);
        CounterRandom.ofParameter(1, name).fillNormal(buffer, 0.02);
        return buffer.array();
    }

    @Test
    void aMaskZeroesTheGivenShareAndKeepsTheMean() {
        int zeros = 0;
        double sum = 0;
        for (float element : mask(3, 2, 1, COUNT)) {
            zeros += element == 0 ? 1 : 0;
            sum += element;
        }
        assertThat((double) zeros / COUNT).isCloseTo(0.1, within(0.003));
        assertThat(sum / COUNT).isCloseTo(1, within(0.003));
    }

    @Test
    void normalDrawsHaveTheirMomentsAndTails() {
        double sum = 0;
        double squares = 0;
        int beyondTwoSigma = 0;
        for (float element : normal("blocks.0.weight", COUNT)) {
            double sigmas = element / 0.02;
            sum += sigmas;
            squares += sigmas * sigmas;
            beyondTwoSigma += Math.abs(sigmas) > 2 ? 1 : 0;
        }
        assertThat(sum / COUNT).isCloseTo(0, within(0.01));
        assertThat(squares / COUNT).isCloseTo(1, within(0.01));
        assertThat((double) beyondTwoSigma / COUNT).isCloseTo(0.0455, within(0.002));
    }

    @Test
    void aStreamIsAPrefixOfItsLongerSelf() {
        float[] longer = mask(3, 2, 1, 10_001);
        float[] shorter = mask(3, 2, 1, 4_099);
        assertThat(shorter).isEqualTo(Arrays.copyOf(longer, 4_099));
    }

    @Test
    void streamsOfOtherCountersLayersSitesAndNamesDiffer() {
        float[] mask = mask(3, 2, 1, 64);
        assertThat(mask(4, 2, 1, 64)).isNotEqualTo(mask);
        assertThat(mask(3, 1, 1, 64)).isNotEqualTo(mask);
        assertThat(mask(3, 2, 2, 64)).isNotEqualTo(mask);
        assertThat(normal("a", 8)).isNotEqualTo(normal("b", 8));
    }

    @Test
    void theBitsAreTheseOnEveryMachine() {
        assertThat(normal("embedding.token.weight", 3)).containsExactly(GOLDEN);
    }

    private static final float[] GOLDEN = {-0.0020270098f, -0.03460815f, 0.010754218f};
}
