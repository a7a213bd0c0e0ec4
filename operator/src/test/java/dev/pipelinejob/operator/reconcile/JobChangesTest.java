package dev.pipelinejob.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipelinejob.api.ApiNames;
import dev.pipelinejob.api.v1alpha1.PipelineJob;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JobChangesTest {
    private static final Map<String, String> QUEUED = Map.of(ApiNames.QUEUE_LABEL, "team-a");

    private final JobChanges changes = new JobChanges();

    private static PipelineJob job(long generation, Map<String, String> labels, String version) {
        PipelineJob job = new PipelineJob();
        job.setMetadata(new ObjectMetaBuilder()
                .withName("job")
                .withGeneration(generation)
                .withLabels(labels)
                .withResourceVersion(version)
                .build());
        return job;
    }

    @Test
    void aChangedSpecAndATakenLabelAreLookedAt() {
        assertThat(changes.accept(job(2, QUEUED, "2"), job(1, QUEUED, "1"))).isTrue();
        assertThat(changes.accept(job(1, Map.of(), "2"), job(1, QUEUED, "1"))).isTrue();
    }

    @Test
    void aStatusThatWasWrittenIsNot() {
        assertThat(changes.accept(job(1, QUEUED, "2"), job(1, QUEUED, "1"))).isFalse();
    }
}
