package dev.pipelinejob.e2e.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.pipelinejob.controlplane.ApiClient;
import dev.pipelinejob.controlplane.ControlPlane;
import dev.pipelinejob.e2e.chart.Access.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the chart brings, changes, keeps and allows.
class ChartIT {
    private static final String RELEASE = "pipelinejob";
    private static final String NAMESPACE = "pipelinejob-system";
    private static final String ELSEWHERE = "somewhere-else";
    private static final String OURS = "pipelinejob.dev";
    private static final String DEFINITION =
            "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/pipelinejobs.pipelinejob.dev";
    private static final String JOBS = "/apis/pipelinejob.dev/v1alpha1/namespaces/default/pipelinejobs";
    private static final String CONTROL = "/api/v1/namespaces/" + NAMESPACE + "/services/" + RELEASE + "-control";
    private static final ObjectMapper JSON = JsonMapper.builder().build();

    @TempDir
    private Path folder;

    private ControlPlane plane;
    private ApiClient api;
    private Helm helm;

    @BeforeEach
    void start() throws Exception {
        plane = ControlPlane.start();
        api = new ApiClient(plane);
        helm = new Helm(plane, folder);
    }

    @AfterEach
    void stop() {
        plane.close();
    }

    @Test
    void anUpgradeChangesTheDefinitionsToo() throws Exception {
        install(Helm.chart());
        Path next = helm.copyOfChart();
        Path definition = next.resolve("definitions/pipelinejobs.pipelinejob.dev.yaml");
        Files.writeString(
                definition,
                Files.readString(definition).replace("    shortNames:\n", "    shortNames:\n    - \"next\"\n"));

        String _ = helm.run("upgrade", RELEASE, next.toString(), "--namespace", NAMESPACE);

        assertThat(read(DEFINITION).at("/spec/names/shortNames/0").asText()).isEqualTo("next");
    }

    @Test
    void uninstallingKeepsTheJobsAndTheAddressThatTheirWorkersKnow() throws Exception {
        install(Helm.chart());
        createJob();
        String address = read(CONTROL).at("/spec/clusterIP").asText();

        String _ = helm.run("uninstall", RELEASE, "--namespace", NAMESPACE);

        assertThat(api.get("/apis/apps/v1/namespaces/" + NAMESPACE + "/deployments/" + RELEASE)
                        .status())
                .isEqualTo(404);
        assertThat(read(JOBS + "/kept").at("/metadata/name").asText()).isEqualTo("kept");
        install(Helm.chart());
        assertThat(read(CONTROL).at("/spec/clusterIP").asText()).isEqualTo(address);
    }

    @Test
    void theOperatorMayDoWhatItDoesAndNoMore() throws Exception {
        install(Helm.chart());
        Access access = new Access(api, NAMESPACE, RELEASE);

        for (String verb : new String[] {"get", "list", "watch", "create", "delete"}) {
            assertThat(access.allows(Request.of(verb, "", "pods"), "")).as(verb).isTrue();
        }
        assertThat(access.allows(Request.of("patch", OURS, "pipelinejobs/status"), ELSEWHERE))
                .isTrue();
        assertThat(access.allows(Request.of("update", OURS, "pipelinejobs"), ELSEWHERE))
                .isFalse();
        assertThat(access.allows(Request.of("create", "authentication.k8s.io", "tokenreviews"), ""))
                .isTrue();
        assertThat(access.allows(Request.of("list", "", "nodes"), "")).isTrue();
        assertThat(access.allows(Request.of("patch", "", "nodes"), "")).isFalse();
        assertThat(access.allows(Request.of("create", "", "pods/exec"), "")).isFalse();
    }

    @Test
    void theOperatorReadsNoSecretButItsOwn() throws Exception {
        install(Helm.chart());
        Access access = new Access(api, NAMESPACE, RELEASE);

        assertThat(access.allows(new Request("get", "", "secrets", RELEASE + "-authority"), NAMESPACE))
                .isTrue();
        assertThat(access.allows(new Request("get", "", "secrets", "another"), NAMESPACE))
                .isFalse();
        for (String verb : new String[] {"list", "watch", "delete"}) {
            assertThat(access.allows(Request.of(verb, "", "secrets"), NAMESPACE))
                    .as(verb)
                    .isFalse();
        }
        assertThat(access.allows(new Request("get", "", "secrets", RELEASE + "-authority"), ELSEWHERE))
                .isFalse();
    }

    @Test
    void aListOfNamespacesIsALimit() throws Exception {
        for (String namespace : new String[] {"team-a", "team-b"}) {
            create("/api/v1/namespaces", "{apiVersion: v1, kind: Namespace, metadata: {name: " + namespace + "}}");
        }
        install(Helm.chart(), "--set", "namespaces={team-a,team-b}");
        Access access = new Access(api, NAMESPACE, RELEASE);

        for (Request request : new Request[] {
            Request.of("create", "", "pods"),
            Request.of("update", "", "configmaps"),
            Request.of("watch", OURS, "pipelinejobs")
        }) {
            assertThat(access.allows(request, "team-b"))
                    .as("%s in the list", request)
                    .isTrue();
            assertThat(access.allows(request, ELSEWHERE))
                    .as("%s elsewhere", request)
                    .isFalse();
            assertThat(access.allows(request, "")).as("%s everywhere", request).isFalse();
        }
        assertThat(access.allows(Request.of("watch", OURS, "interconnecttopologies"), ""))
                .isTrue();
    }

    private void install(Path chart, String... settings) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(
                List.of("install", RELEASE, chart.toString(), "--namespace", NAMESPACE, "--create-namespace"));
        line.addAll(List.of(settings));
        String _ = helm.run(line.toArray(String[]::new));
    }

    private void createJob() throws IOException, InterruptedException {
        create(JOBS, """
                apiVersion: pipelinejob.dev/v1alpha1
                kind: PipelineJob
                metadata: {name: kept}
                spec:
                  model: {catalogue: {gpt: {layers: 2, width: 16, heads: 2, contextLength: 8, vocabularySize: 256}}}
                  data: {text: {path: corpus}}
                  training: {steps: 5, batchSize: 4, microBatches: 2, optimizer: {adamW: {learningRate: "1e-3"}}}
                """);
    }

    private void create(String collection, String yaml) throws IOException, InterruptedException {
        ApiClient.Answer answer = api.create(collection, yaml);
        if (!answer.isSuccess()) {
            throw new AssertionError("Could not create in " + collection + ": " + answer.body());
        }
    }

    private JsonNode read(String path) throws IOException, InterruptedException {
        ApiClient.Answer answer = api.get(path);
        if (!answer.isSuccess()) {
            throw new AssertionError("Could not read " + path + ": " + answer.body());
        }
        return JSON.readTree(answer.body());
    }
}
