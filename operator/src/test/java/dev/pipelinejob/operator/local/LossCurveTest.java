package dev.pipelinejob.operator.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LossCurveTest {
    @Test
    void fromItsFirstStepOnTheHigherAttemptCounts(@TempDir Path folder) throws Exception {
        // given
        Files.writeString(folder.resolve("attempt-1.csv"), "1,5.0\n2,4.0\n3,3.0\n4,2.9\n");
        Files.writeString(folder.resolve("attempt-2.csv"), "3,3.5\n");
        Files.writeString(folder.resolve("notes.txt"), "1,9.0\n");
        LossCurve curve = new LossCurve(folder);

        // when
        boolean changed = curve.refresh();
        curve.write(folder.resolve("loss.csv"));

        // then
        assertThat(changed).isTrue();
        assertThat(curve.lastStep()).isEqualTo(4);
        assertThat(folder.resolve("loss.csv")).hasContent("step,loss\n1,5.0\n2,4.0\n3,3.5\n");
    }

    @Test
    void aTornLineIsReadWhenItIsWhole(@TempDir Path folder) throws Exception {
        // given
        Path segment = folder.resolve("attempt-1.csv");
        Files.writeString(segment, "1,5.0\n2,4.");
        LossCurve curve = new LossCurve(folder);
        assertThat(curve.refresh()).isTrue();
        assertThat(curve.merged()).hasSize(1);

        // when
        Files.writeString(segment, "000000000000001\nbroken\n3,x\n", StandardOpenOption.APPEND);

        // then
        assertThat(curve.refresh()).isTrue();
        assertThat(curve.merged()).hasSize(2).containsEntry(2, "4.000000000000001");
        assertThat(curve.refresh()).isFalse();
    }
}
