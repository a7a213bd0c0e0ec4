package dev.pipelinejob.operator.workers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipelinejob.api.v1alpha1.PipelineJob;
import dev.pipelinejob.operator.lifecycle.Cause;
import dev.pipelinejob.operator.lifecycle.Journal;
import dev.pipelinejob.operator.lifecycle.Restart;
import dev.pipelinejob.operator.lifecycle.Seat;
import dev.pipelinejob.operator.lifecycle.WorkerMemory;
import dev.pipelinejob.operator.planning.AttemptRecord;
import dev.pipelinejob.operator.planning.ClusterTopology;
import dev.pipelinejob.operator.planning.ClusterTopology.Machine;
import dev.pipelinejob.operator.planning.ClusterTopology.SlotKind;
import dev.pipelinejob.operator.planning.JobPlanner;
import dev.pipelinejob.operator.planning.PlanningOutcome;
import dev.pipelinejob.operator.workers.AttemptConfigMaps.SeatedPod;
import dev.pipelinejob.placement.topology.Topology;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What is kept of a job, as it stands in the cluster: an operator of tomorrow has to read what one of today wrote.
/// With `-Dregenerate` the files are written instead.
class GoldenConfigMapsTest {
    private static final Path FOLDER = Path.of("src/test/resources/configmaps");
    private static final KubernetesSerialization YAML = new KubernetesSerialization();
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    private final PipelineJob job = GoldenPodsTest.job(Files.readString(FOLDER.resolve("in-job.yaml")));

    GoldenConfigMapsTest() throws IOException {}

    private static void compare(String name, ConfigMap made) throws IOException {
        Path expected = FOLDER.resolve(name);
        String text = YAML.asYaml(made);
        if (System.getProperty("regenerate") != null) {
            Files.writeString(expected, text);
        }
        assertThat(text).isEqualTo(Files.readString(expected));
    }

    private static <T> T read(String name, Reading<T> reading) throws IOException {
        return reading.of(YAML.unmarshal(Files.readString(FOLDER.resolve(name)), ConfigMap.class));
    }

    private interface Reading<T> {
        T of(ConfigMap map) throws IOException;
    }

    private AttemptRecord attempt() {
        List<Machine> machines = IntStream.rangeClosed(1, 2)
                .mapToObj(number -> new Machine("node-" + number, Map.of(), 1, 8L << 30, 0))
                .toList();
        Topology topology = Objects.requireNonNull(ClusterTopology.flat(SlotKind.CPU, machines));
        return switch (new JobPlanner(() -> 0).plan(job.getSpec(), topology)) {
            case PlanningOutcome.Infeasible(String sentence) -> throw new AssertionError(sentence);
            case PlanningOutcome.Planned planned ->
                new AttemptRecord(
                        AttemptRecord.VERSION,
                        3,
                        40,
                        planned.plan(),
                        planned.executable().plan().getGeneratorVersion(),
                        planned.executable().digest(),
                        List.of(
                                new Seat(0, 0, 1, 17, "10.244.1.2:40001", "node-1"),
                                new Seat(1, 1, 2, 18, "10.244.2.2:40002", "node-2")),
                        "d".repeat(64),
                        planned.figures(),
                        NOON);
        };
    }

    private static Journal journal() {
        Restart restart = new Restart(
                2,
                Cause.ENGINE_EXITED,
                1,
                "node-2",
                NOON,
                20,
                27,
                NOON.plusSeconds(2),
                NOON.plusSeconds(4),
                "The engine process of slot 1 ended (signal 9).",
                "the last line",
                null);
        return new Journal(
                1,
                List.of(NOON),
                0,
                null,
                List.of(restart),
                null,
                new Journal.Pausing(2, Cause.SUSPENDED, NOON, "The job was suspended."),
                List.of(30),
                WorkerMemory.EMPTY,
                "d".repeat(64),
                null,
                NOON.minusSeconds(60),
                new Journal.Ending(false, "BackoffLimitExceeded", "Too often.", false, NOON.plusSeconds(9)));
    }

    @Test
    void anAttemptIsWrittenAsItAlwaysWas() throws IOException {
        List<SeatedPod> pods = List.of(
                new SeatedPod(0, "golden-0-1", "uid-0", "node-1", List.of(0)),
                new SeatedPod(1, "golden-1-2", "uid-1", "node-2", List.of(1)));

        compare("out-attempt.yaml", AttemptConfigMaps.of(job, attempt(), pods));
    }

    @Test
    void anAttemptIsReadAsItWasWritten() throws IOException {
        assertThat(read("out-attempt.yaml", AttemptConfigMaps::read)).isEqualTo(attempt());
    }

    @Test
    void anAttemptOfAnOperatorThatCountedNoCrossingsIsReadWithoutThem() throws IOException {
        AttemptRecord old = read("in-attempt-before-crossings.yaml", AttemptConfigMaps::read);

        assertThat(old.figures().crossings()).isEmpty();
        assertThat(old)
                .usingRecursiveComparison()
                .ignoringFields("figures.crossings")
                .isEqualTo(attempt());
    }

    @Test
    void aJournalIsWrittenAsItAlwaysWas() throws IOException {
        compare("out-journal.yaml", JournalConfigMaps.of(job, journal(), "driver-1", "7"));
    }

    @Test
    void aJournalIsReadAsItWasWritten() throws IOException {
        assertThat(read("out-journal.yaml", JournalConfigMaps::read)).isEqualTo(journal());
    }
}
