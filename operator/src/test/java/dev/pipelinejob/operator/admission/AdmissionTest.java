package dev.pipelinejob.operator.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipelinejob.api.v1alpha1.Model.Gpt;
import dev.pipelinejob.api.v1alpha1.Pipeline.Schedule;
import dev.pipelinejob.api.v1alpha1.PipelineJob;
import dev.pipelinejob.api.v1alpha1.PipelineJobSpec;
import dev.pipelinejob.api.v1alpha1.Training.AdamW;
import dev.pipelinejob.operator.admission.Verdict.Admitted;
import dev.pipelinejob.operator.admission.Verdict.Refused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the schema cases cannot show: texts that are no resource at all, files, and what is filled in.
class AdmissionTest {
    private static final Admission<PipelineJob> JOBS = Admission.ofJobs();
    private static final String SMALLEST = """
            apiVersion: pipelinejob.dev/v1alpha1
            kind: PipelineJob
            metadata: {name: sample}
            spec:
              model: {catalogue: {gpt: {layers: 2, width: 32, heads: 4, contextLength: 16}}}
              data: {text: {path: corpus}}
              training:
                steps: 10
                batchSize: 8
                microBatches: 4
                optimizer: {adamW: {learningRate: "1e-3"}}
            """;

    @Test
    void fillsInWhatIsNotWritten() {
        PipelineJobSpec spec = admitted(SMALLEST).getSpec();

        assertThat(spec.model().catalogue().gpt()).isEqualTo(new Gpt(2, 32, 4, 16, 256, "0", true));
        assertThat(spec.training().learningRateSchedule().constant()).isNotNull();
        assertThat(spec.training().gradientClipNorm()).isNull();
        assertThat(spec.training().optimizer().adamW()).isEqualTo(new AdamW("1e-3", "0.9", "0.999", "1e-8", "0.01"));
        assertThat(spec.pipeline().schedule()).isEqualTo(Schedule.AUTO);
        assertThat(spec.pipeline().stages().max()).isNull();
        assertThat(spec.workerPools()).singleElement().satisfies(pool -> assertThat(pool.name())
                .isEqualTo("workers"));
        assertThat(spec.failurePolicy().backoff().maxSeconds()).isEqualTo(300);
        assertThat(spec.checkpoint().everySteps()).isEqualTo(50);
    }

    @Test
    void takesItsOwnTextAgain() {
        PipelineJob job = admitted(SMALLEST);

        PipelineJob again = admitted(JOBS.text(job));

        assertThat(again.getSpec()).isEqualTo(job.getSpec());
        assertThat(again.getMetadata().getName()).isEqualTo("sample");
    }

    @Test
    void namesFileLineFieldValueAndWayOut() {
        assertThat(refusal(SMALLEST.replace("batchSize: 8", "batchSize: 7")))
                .isEqualTo("job.yaml line 9: spec.training.batchSize must be a multiple of microBatches 4, such as 8,"
                        + " and not 7.");
    }

    @Test
    void tellsWhatIsMissing() {
        assertThat(refusal(SMALLEST.replace("    steps: 10\n", "")))
                .isEqualTo("job.yaml: spec.training.steps is missing: add the number of optimizer steps after which the"
                        + " model is finished.");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "null", textBlock = """
            '' | job.yaml holds no resource: write one, or start from examples/char-gpt.yaml.
            '# nothing yet' | job.yaml holds no resource: write one, or start from examples/char-gpt.yaml.
            'hello' | job.yaml line 1 is not a resource but a single value: start with apiVersion, kind, metadata and spec.
            '[a, b]' | job.yaml line 1 is not a resource but a single list: start with apiVersion, kind, metadata and spec.
            'kind: PipelineJob' | job.yaml: apiVersion is missing: add apiVersion: pipelinejob.dev/v1alpha1.
            'a: b: c' | job.yaml line 1 is not YAML: mapping values are not allowed here.
            '{a: [}' | job.yaml line 1 is not YAML
            'a: "open' | job.yaml line 1 is not YAML: found unexpected end of stream.
            '? {a: b}' | job.yaml line 1 holds a field name that is not plain text
            'a: &x [*x]' | job.yaml line 1
            'a: !!binary abc' | job.yaml
            """)
    void refusesWhatIsNoResource(String text, String sentence) {
        assertThat(refusal(text)).startsWith(sentence);
    }

    @Test
    void refusesTabs() {
        assertThat(refusal("spec:\n\tmodel: gpt\n"))
                .isEqualTo("job.yaml line 2 is not YAML: a tab character stands where only spaces may: indent with"
                        + " spaces.");
    }

    @Test
    void refusesSeveralDocuments() {
        assertThat(refusal(SMALLEST + "---\n" + SMALLEST))
                .isEqualTo("job.yaml line 13 holds 2 documents: keep one and move the others to files of their own.");
    }

    @Test
    void refusesAliasesWithoutEnd() {
        StringBuilder laughs = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 9; i++) {
            String other = "*a" + (i - 1);
            laughs.append("a%d: &a%d [%s]\n".formatted(i, i, String.join(", ", Collections.nCopies(10, other))));
        }

        assertThat(refusal(laughs.toString())).contains("write it without anchors and aliases");
    }

    @Test
    void refusesFilesThatCannotBeRead(@TempDir Path folder) throws IOException {
        Path binary = Files.write(folder.resolve("model.bin"), new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1});
        Path huge = Files.write(folder.resolve("huge.yaml"), new byte[(1 << 20) + 1]);

        assertThat(refusal(JOBS.admit(folder.resolve("none.yaml"))))
                .endsWith("none.yaml does not exist: name a YAML file with a PipelineJob.");
        assertThat(refusal(JOBS.admit(folder))).endsWith(" is a folder: name a YAML file with a PipelineJob.");
        assertThat(refusal(JOBS.admit(binary))).endsWith("is not UTF-8 text: name a YAML file with a PipelineJob.");
        assertThat(refusal(JOBS.admit(huge))).contains("has 1048577 bytes and a resource at most 1048576");
    }

    private static PipelineJob admitted(String text) {
        Verdict<PipelineJob> verdict = JOBS.admit("job.yaml", text, null);
        assertThat(verdict).isInstanceOf(Admitted.class);
        return ((Admitted<PipelineJob>) verdict).resource();
    }

    private static String refusal(String text) {
        return refusal(JOBS.admit("job.yaml", text, null));
    }

    private static String refusal(Verdict<PipelineJob> verdict) {
        assertThat(verdict).isInstanceOf(Refused.class);
        return ((Refused<PipelineJob>) verdict).sentences().getFirst();
    }
}
