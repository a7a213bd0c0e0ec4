package dev.pipelinejob.worker.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LossCurveTest {
    private static void segment(Path store, int attempt, int firstStep, double... losses) throws IOException {
        try (LossSegment segment = LossSegment.of(store, attempt)) {
            for (int index = 0; index < losses.length; index++) {
                assertThat(segment.append(firstStep + index, losses[index])).isInstanceOf(WriteOutcome.Written.class);
            }
            assertThat(segment.sync()).isInstanceOf(WriteOutcome.Written.class);
        }
    }

    @Test
    void theNewerAttemptWinsFromItsFirstStepOn(@TempDir Path store) throws IOException {
        segment(store, 1, 1, 0.1 + 0.2, 2, 3, 4);
        segment(store, 2, 3, 30, 40, 50);
        segment(store, 10, 5, 500);
        segment(store, 11, 6);

        assertThat(LossCurve.merge(store)).isEqualTo(Map.of(1, 0.1 + 0.2, 2, 2.0, 3, 30.0, 4, 40.0, 5, 500.0));
        LossCurve.write(store, store.resolve("loss.csv"));
        assertThat(store.resolve("loss.csv"))
                .hasContent("step,loss\n1,0.30000000000000004\n2,2.0\n3,30.0\n4,40.0\n5,500.0\n");
    }

    @Test
    void tornAndForeignLinesArePassedOver(@TempDir Path store) throws IOException {
        segment(store, 1, 1, 1, Double.NaN, 1e-300);
        Path file = store.resolve("loss/attempt-1.csv");
        Files.writeString(file, Files.readString(file) + "rubbish\n4,1.2.3\n5,4.25\n6,3.1");
        Files.writeString(store.resolve("loss/notes.txt"), "7,7.0\n");

        assertThat(LossCurve.merge(store)).isEqualTo(Map.of(1, 1.0, 2, Double.NaN, 3, 1e-300, 5, 4.25));
    }

    @Test
    void aStoreWithoutLossesHasAnEmptyCurve(@TempDir Path store) throws IOException {
        assertThat(LossCurve.merge(store.resolve("missing"))).isEmpty();
    }
}
