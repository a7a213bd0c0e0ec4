package dev.pipelinejob.operator.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipelinejob.api.v1alpha1.InterconnectTopology;
import dev.pipelinejob.api.v1alpha1.PipelineJob;
import dev.pipelinejob.api.v1alpha1.PipelineJobStatus;
import dev.pipelinejob.operator.admission.Verdict.Admitted;
import dev.pipelinejob.operator.admission.Verdict.Refused;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The cases that a real API server judges in crds, judged here: both say the same of every one.
class SchemaCasesTest {
    private static final Path CASES = Path.of("../crds/src/test/resources/cases");
    private static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();
    private static final Admission<PipelineJob> JOBS = Admission.ofJobs();
    private static final Admission<InterconnectTopology> TOPOLOGIES = Admission.ofTopologies();

    static List<Path> cases() throws IOException {
        try (Stream<Path> files = Files.list(CASES)) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void judgesAsTheApiServerDoes(Path file) throws IOException {
        String text = Files.readString(file);

        Verdict<?> verdict = text.contains("kind: InterconnectTopology") ? judge(TOPOLOGIES, text) : judge(JOBS, text);

        switch (verdict) {
            case Admitted<?> _ -> assertThat(file.getFileName().toString()).startsWith("valid-");
            case Refused<?> refused -> {
                assertThat(file.getFileName().toString())
                        .describedAs("%s", refused.sentences())
                        .startsWith("invalid-");
                assertThat(String.join("\n", refused.sentences())).contains(expected(text));
            }
        }
    }

    private static <T extends HasMetadata> Verdict<T> judge(Admission<T> admission, String text) {
        String[] documents = text.split("(?m)^---\n", 2);
        @Nullable T before = null;
        if (documents.length == 2) {
            Verdict<T> first = admission.admit("before.yaml", documents[0], null);
            assertThat(first).isInstanceOf(Admitted.class);
            before = ((Admitted<T>) first).resource();
            if (before instanceof PipelineJob job) {
                job.setStatus(status(documents[0]));
            }
        }
        return admission.admit("job.yaml", documents[documents.length - 1], before);
    }

    /// What the text says of the job's status, which admission drops: it is not the user's to set.
    private static @Nullable PipelineJobStatus status(String text) {
        return SERIALIZATION.convertValue(
                SERIALIZATION.unmarshal(text, GenericKubernetesResource.class).get("status"), PipelineJobStatus.class);
    }

    private static List<String> expected(String text) {
        return text.lines()
                .filter(line -> line.startsWith("# expect: ") || line.startsWith("# local: "))
                .map(line -> line.substring(line.indexOf(':') + 2))
                .toList();
    }
}
