package dev.pipelinejob.e2e.numerics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipelinejob.placement.plan.ScheduleKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Stages 1, 2, 4 × micro-batches 1, 4, 8 × GPipe and 1F1B × re-materialization × tied and untied embeddings, always
/// with dropout and a clip that bites: every loss and every weight is that of one process, bit by bit.
class BitwiseMatrixIT {
    private static final int STEPS = 5;
    private static final int EVERY_STEPS = 2;

    @TempDir
    private static Path folder;

    private static Path text;
    private static final Map<TinyJob, Outcome> ORACLES = new HashMap<>();

    record Row(TinyJob job, Cut cut) {}

    @BeforeAll
    static void writeText() throws IOException {
        text = Corpus.write(folder);
    }

    static Stream<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (int microBatches : List.of(1, 4, 8)) {
            for (boolean tied : List.of(true, false)) {
                TinyJob job = new TinyJob(microBatches, tied, STEPS, EVERY_STEPS);
                for (ScheduleKind schedule : ScheduleKind.values()) {
                    for (boolean rematerialize : List.of(false, true)) {
                        for (int stages : List.of(1, 2, 4)) {
                            rows.add(new Row(job, Cut.even(schedule, rematerialize, stages)));
                        }
                        rows.add(new Row(job, Cut.folded(schedule, rematerialize)));
                    }
                }
            }
        }
        return rows.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void pipelineEqualsOneProcess(Row row) throws Exception {
        Outcome oracle = ORACLES.computeIfAbsent(row.job(), job -> OneProcess.train(job, text, folder));
        Path store = Files.createTempDirectory(folder, "store");

        try (OneJvm workers = new OneJvm(
                row.cut().executable(row.job()), row.job().spec(text, store), 1, 0, folder.resolve("cache"))) {
            workers.awaitFinished();
        }

        Outcome pipeline = Store.outcome(store);
        assertThat(pipeline.losses()).hasSize(STEPS).isEqualTo(oracle.losses());
        assertThat(pipeline.weights()).isEqualTo(oracle.weights());
    }
}
