package dev.pipelinejob.api.definitions;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pipelinejob.api.ApiNames;
import dev.pipelinejob.api.DefinitionFiles;
import dev.pipelinejob.controlplane.ApiClient;
import dev.pipelinejob.controlplane.ApiClient.Answer;
import dev.pipelinejob.controlplane.ControlPlane;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What a real API server says of every case: valid ones are taken, invalid ones refused with field, value and way out.
class SchemaCasesIT {
    private static final Path CASES = Path.of("src/test/resources/cases");
    private static final String DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    private static final String GROUP = "/apis/" + ApiNames.GROUP + "/" + ApiNames.V1ALPHA1;
    private static final String JOBS = GROUP + "/namespaces/default/pipelinejobs";
    private static final String TOPOLOGIES = GROUP + "/interconnecttopologies";
    private static final Duration SERVED_LIMIT = Duration.ofSeconds(60);

    private static final ObjectMapper JSON = new ObjectMapper();

    private static ControlPlane plane;
    private static ApiClient client;

    @BeforeAll
    static void start() throws IOException, InterruptedException, GeneralSecurityException {
        plane = ControlPlane.start();
        client = new ApiClient(plane);
        for (String file : List.of(DefinitionFiles.PIPELINE_JOB, DefinitionFiles.INTERCONNECT_TOPOLOGY)) {
            Answer answer = client.create(DEFINITIONS, DefinitionFiles.read(file));
            assertThat(answer.isSuccess()).describedAs(answer.body()).isTrue();
        }
        waitUntilServed(JOBS);
        waitUntilServed(TOPOLOGIES);
    }

    @AfterAll
    static void stop() {
        if (plane != null) {
            plane.close();
        }
    }

    @AfterEach
    void removeWhatWasTaken() throws IOException, InterruptedException {
        client.delete(JOBS + "/sample");
        client.delete(TOPOLOGIES + "/sample");
    }

    private static void waitUntilServed(String collection) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + SERVED_LIMIT.toNanos();
        while (!client.get(collection).isSuccess()) {
            assertThat(System.nanoTime())
                    .describedAs("%s is served in time", collection)
                    .isLessThan(deadline);
            Thread.sleep(Duration.ofMillis(100));
        }
    }

    static List<Path> cases() throws IOException {
        try (Stream<Path> files = Files.list(CASES)) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void judgesEveryCaseAsItsNameSays(Path file) throws IOException, InterruptedException {
        String text = Files.readString(file);
        String collection = text.contains("kind: InterconnectTopology") ? TOPOLOGIES : JOBS;

        Answer answer = judge(collection, text);

        assertThat(answer.isSuccess())
                .describedAs("%s: %s", answer.status(), answer.body())
                .isEqualTo(file.getFileName().toString().startsWith("valid-"));
        if (!answer.isSuccess()) {
            String message = JSON.readTree(answer.body()).path("message").asText();
            assertThat(message).contains(expected(text));
        }
    }

    private static Answer judge(String collection, String text) throws IOException, InterruptedException {
        String[] documents = text.split("(?m)^---\n", 2);
        Answer created = client.create(collection, documents[0]);
        if (documents.length == 1) {
            return created;
        }
        assertThat(created.isSuccess()).describedAs(created.body()).isTrue();
        Answer before = client.replace(collection + "/sample/status", of(created, documents[0]));
        assertThat(before.isSuccess()).describedAs(before.body()).isTrue();
        return client.replace(collection + "/sample", of(before, documents[1]));
    }

    /// The text as a change of what the server answered.
    private static String of(Answer last, String text) throws IOException {
        String version =
                JSON.readTree(last.body()).at("/metadata/resourceVersion").asText();
        return text.replaceFirst("(?m)^metadata:\n", "metadata:\n  resourceVersion: \"" + version + "\"\n");
    }

    private static List<String> expected(String text) {
        return text.lines()
                .filter(line -> line.startsWith("# expect: ") || line.startsWith("# server: "))
                .map(line -> line.substring(line.indexOf(':') + 2))
                .toList();
    }
}
