package dev.pipelinejob.e2e.inputs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.pipelinejob.e2e.processes.AttemptFile;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// What may be wrong when a job is to go on in a folder in which it has trained: a sentence, and nothing lost.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ResumeMistakesIT {
    private static final long LOOK_EVERY_MILLIS = 20;

    /// Makes libtorch do without the processor's wide instructions.
    private static final Map<String, String> OTHER_KERNELS = Map.of("ATEN_CPU_CAPABILITY", "default");

    private static final String TINY_DEVICE = """
            apiVersion: pipelinejob.dev/v1alpha1
            kind: InterconnectTopology
            metadata:
              name: tiny
            spec:
              devices:
                - name: machine
                  portBytesPerSecond: 1250000000
                  memoryBytes: 1000
            """;

    private Path home;
    private Trained trained;

    @BeforeAll
    void train(@TempDir Path shared) throws Exception {
        home = shared;
        trained = Trained.in(shared);
    }

    @Test
    void aFolderThatAnotherRunHoldsIsRefusedAndThatRunGoesOn() throws Exception {
        Path directory = home.resolve("held");
        Command.Started first =
                Command.start(home, Trained.arguments(trained.job().yaml(), directory), Map.of());
        while (!Files.exists(directory.resolve("status.json"))) {
            assertThat(first.process().isAlive()).isTrue();
            Thread.sleep(LOOK_EVERY_MILLIS);
        }

        Command second = trained.run(trained.job().yaml(), directory);

        Sentences.assertUserError(second, List.of(directory.toString(), "in use", "--dir"));
        Command ended = first.await();
        assertThat(ended.exitCode()).as(ended.out() + ended.err()).isZero();
        assertThat(directory.resolve("loss.csv"))
                .hasSameBinaryContentAs(trained.complete().resolve("loss.csv"));
    }

    @Test
    void aFolderOfAnotherJobIsRefused() throws Exception {
        Snapshot before = Snapshot.of(trained.unfinished());

        Command ended = trained.run(trained.edited("other", "name: small", "name: other"), trained.unfinished());

        Sentences.assertUserError(ended, List.of(trained.unfinished().toString(), "small", "other", "--dir"));
        assertThat(Snapshot.of(trained.unfinished())).isEqualTo(before);
    }

    @Test
    void aFieldThatNeverChangesIsRefused() throws Exception {
        Snapshot before = Snapshot.of(trained.unfinished());

        Command ended = trained.run(trained.edited("seed", "seed: 7", "seed: 8"), trained.unfinished());

        Sentences.assertUserError(ended, List.of("spec.training.seed", "8"));
        assertThat(Snapshot.of(trained.unfinished())).isEqualTo(before);
    }

    @Test
    void aCompleteJobIsCompleteAtOnceAndNothingIsTouched() throws Exception {
        Snapshot before = Snapshot.of(trained.complete());

        Command ended = trained.run(trained.job().yaml(), trained.complete());

        assertThat(ended.exitCode()).as(ended.out() + ended.err()).isZero();
        assertThat(ended.out())
                .contains(
                        "Complete",
                        trained.complete().resolve("model.safetensors").toString());
        assertThat(Snapshot.of(trained.complete())).isEqualTo(before);
    }

    @Test
    void aJobThatGaveUpGoesOnWhenTheCommandIsGivenAgain() throws Exception {
        Path directory = trained.copyOfUnfinished("again");

        trained.assertGoesOn(directory);

        assertThat(AttemptFile.read(directory, 2).resumeStep()).isEqualTo(Trained.NEWER);
    }

    @Test
    void dataThatHasChangedIsRefusedUntilTheOldOneIsBack() throws Exception {
        Path directory = trained.copyOfUnfinished("data");
        Snapshot store = Snapshot.of(directory.resolve("checkpoints/step-" + Trained.NEWER));
        Path corpus = home.resolve("corpus.txt");
        byte[] sound = Files.readAllBytes(corpus);
        try {
            Files.writeString(corpus, "other words ".repeat(sound.length / 12));
            Sentences.assertUserError(
                    trained.run(trained.job().yaml(), directory), List.of("data", corpus.toString(), "Restore"));
        } finally {
            Files.write(corpus, sound);
        }
        assertThat(Snapshot.of(directory.resolve("checkpoints/step-" + Trained.NEWER)))
                .isEqualTo(store);
        trained.assertGoesOn(directory);
    }

    @Test
    void enginesOfAnotherKindAreRefusedOrWithBestEffortToldFromThenOn() throws Exception {
        Path directory = trained.copyOfUnfinished("another-kind");
        Path bestEffort =
                trained.edited("best-effort", "    seed: 7\n", "    seed: 7\n    reproducibility: BestEffort\n");

        Command refused = Command.start(home, Trained.arguments(trained.job().yaml(), directory), OTHER_KERNELS)
                .await();
        Command ended = Command.start(home, Trained.arguments(bestEffort, directory), OTHER_KERNELS)
                .await();

        Sentences.assertUserError(refused, List.of("small", "numerics", "AVX", "spec.training.reproducibility"));
        assertThat(ended.exitCode()).as(ended.out() + ended.err()).isZero();
        JsonNode conditions = JsonMapper.builder()
                .build()
                .readTree(directory.resolve("status.json").toFile())
                .path("conditions");
        assertThat(conditions).anySatisfy(condition -> {
            assertThat(condition.path("type").asText()).isEqualTo("TrajectoryExact");
            assertThat(condition.path("status").asText()).isEqualTo("False");
            assertThat(condition.path("message").asText())
                    .contains("from step " + Trained.NEWER + " on", "Losses may differ in their last bits");
        });
    }

    @Test
    void aDamagedCheckpointIsPassedOverForTheOneBeforeIt() throws Exception {
        Path directory = trained.copyOfUnfinished("damaged");
        Trained.damage(directory, Trained.NEWER);

        trained.assertGoesOn(directory);

        assertThat(AttemptFile.read(directory, 2).resumeStep()).isEqualTo(Trained.NEWER);
        assertThat(AttemptFile.read(directory, 3).resumeStep()).isEqualTo(Trained.OLDER);
    }

    @Test
    void withNoCheckpointLeftItStartsFromTheSeed() throws Exception {
        Path directory = trained.copyOfUnfinished("seedling");
        Trained.damage(directory, Trained.NEWER);
        Trained.damage(directory, Trained.OLDER);

        trained.assertGoesOn(directory);

        assertThat(AttemptFile.read(directory, 4).resumeStep()).isZero();
    }

    @Test
    void aManifestThatIsRubbishIsNoCheckpoint() throws Exception {
        Path directory = trained.copyOfUnfinished("rubbish");
        Files.writeString(directory.resolve("checkpoints/step-" + Trained.NEWER + "/manifest.json"), "rubbish");

        trained.assertGoesOn(directory);

        assertThat(AttemptFile.read(directory, 2).resumeStep()).isEqualTo(Trained.OLDER);
    }

    @Test
    void aFileInTheCheckpointsPlaceIsSaidAndLeftAlone() throws Exception {
        Path directory = home.resolve("file");
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("checkpoints"), "not a folder");

        Command ended = trained.run(trained.job().yaml(), directory);

        Sentences.assertUserError(
                ended, List.of(directory.resolve("checkpoints").toString(), "is a file", "--dir"));
        assertThat(directory.resolve("checkpoints")).hasContent("not a folder");
    }

    @Test
    void aJournalThatIsRubbishIsSaidAndLeftAlone() throws Exception {
        Path directory = trained.copyOfUnfinished("journal");
        Path journal = Files.writeString(directory.resolve("journal.json"), "{\"restarts\": ");
        Snapshot before = Snapshot.of(directory.resolve("checkpoints"));

        Command ended = trained.run(trained.job().yaml(), directory);

        Sentences.assertFailure(ended, List.of(journal.toString(), "move it away"));
        assertThat(Snapshot.of(directory.resolve("checkpoints"))).isEqualTo(before);
        Files.delete(journal);
        trained.assertGoesOn(directory);
    }

    @Test
    void tooLittleMemoryIsSaidWithTheStage() throws Exception {
        Path topology = Files.writeString(home.resolve("tiny.yaml"), TINY_DEVICE);
        Path directory = home.resolve("memory");

        Command ended = Command.run(
                home,
                List.of(
                        "run",
                        trained.job().yaml().toString(),
                        "--dir",
                        directory.toString(),
                        "--topology",
                        topology.toString()));

        Sentences.assertUserError(ended, List.of("memory", "Stage 1"));
        assertThat(directory.resolve("checkpoints")).doesNotExist();
    }

    @Test
    void aTextThatIsShorterThanOneWindowIsRefused() throws Exception {
        Files.writeString(home.resolve("short.txt"), "short");

        Command ended = trained.run(trained.edited("short", "corpus.txt", "short.txt"), home.resolve("short"));

        Sentences.assertUserError(ended, List.of("short.txt", "5 bytes", "33", "contextLength"));
    }

    @Test
    void aPortThatSomebodyElseHasTakenMeanwhileIsNoHindrance() throws Exception {
        Path directory = trained.copyOfUnfinished("moved");
        String address = Files.readString(directory.resolve("private/address")).strip();
        int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
        try (ServerSocket _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            trained.assertGoesOn(directory);
        }
    }
}
