package dev.pipelinejob.operator.workers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipelinejob.api.WorkerPodNames;
import dev.pipelinejob.api.v1alpha1.PipelineJob;
import dev.pipelinejob.operator.admission.Admission;
import dev.pipelinejob.operator.admission.Verdict;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Each folder is a job and the pod that is made for it; with `-Dregenerate` the pods are written instead.
class GoldenPodsTest {
    private static final Path CASES = Path.of("src/test/resources/workers");
    private static final Admission<PipelineJob> JOBS = Admission.ofJobs();
    private static final KubernetesSerialization YAML = new KubernetesSerialization();
    /// What a template may say otherwise.
    private static final Set<String> DEFAULTS =
            Set.of("PIPELINEJOB_ORPHAN_SECONDS", "PIPELINEJOB_ECHO_ENGINES", "PIPELINEJOB_RANK_FILE");

    static final PodSettings SETTINGS = new PodSettings(
            "10.96.0.7:8443",
            () -> "-----BEGIN CERTIFICATE-----\n(the operator's CA)\n-----END CERTIFICATE-----\n",
            "pipelinejob/worker:dev",
            Set.of("amd64"),
            Duration.ofMinutes(10));

    static List<Path> cases() throws IOException {
        try (Stream<Path> folders = Files.list(CASES)) {
            return folders.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void makesThePodOfTheCase(Path folder) throws IOException {
        PipelineJob job = job(Files.readString(folder.resolve("in-job.yaml")));

        String pod = YAML.asYaml(new SlotPods(job, SETTINGS).pod(3, 2, "node-7"));

        Path expected = folder.resolve("out-pod.yaml");
        if (System.getProperty("regenerate") != null) {
            Files.writeString(expected, pod);
        }
        assertThat(pod).isEqualTo(Files.readString(expected));
    }

    @Test
    void everyVariableOfOursIsOneThatTemplatesMayNotSet() throws IOException {
        Pod pod = new SlotPods(job(Files.readString(CASES.resolve("smallest/in-job.yaml"))), SETTINGS).pod(0, 1, "n");

        List<String> ours = pod.getSpec().getContainers().getFirst().getEnv().stream()
                .map(EnvVar::getName)
                .filter(name -> name.startsWith("PIPELINEJOB_") && !DEFAULTS.contains(name))
                .toList();

        assertThat(ours).allMatch(name -> WorkerPodNames.ENVIRONMENT_CEL.contains("'" + name + "'"));
        assertThat(WorkerPodNames.ENVIRONMENT_CEL.split(",")).hasSameSizeAs(ours);
    }

    static PipelineJob job(String yaml) {
        return switch (JOBS.admit("job.yaml", yaml, null)) {
            case Verdict.Admitted<PipelineJob> admitted -> {
                PipelineJob job = admitted.resource();
                job.getMetadata().setUid("5f0c2a9e-0000-4000-8000-000000000001");
                yield job;
            }
            case Verdict.Refused<PipelineJob> refused -> throw new AssertionError(refused.sentences());
        };
    }
}
